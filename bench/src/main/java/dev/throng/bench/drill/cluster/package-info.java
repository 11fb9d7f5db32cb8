/** Drills on a whole cluster of real programs: its guarantees must hold while any part dies. */
@NullMarked
package dev.throng.bench.drill.cluster;

import org.jspecify.annotations.NullMarked;

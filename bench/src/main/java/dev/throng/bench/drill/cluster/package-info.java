/** Drills on a whole cluster of the real programs: what must hold while any part of it dies. */
@NullMarked
package dev.throng.bench.drill.cluster;

import org.jspecify.annotations.NullMarked;

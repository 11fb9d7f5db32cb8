/** Drills: they inject faults and check that all guarantees still hold. */
@NullMarked
package dev.throng.bench.drill;

import org.jspecify.annotations.NullMarked;

/** Drills: faults on purpose, and whether every promise holds through them. */
@NullMarked
package dev.throng.bench.drill;

import org.jspecify.annotations.NullMarked;

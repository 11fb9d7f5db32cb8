/** Measures how good retrieval is, on data sets with known answers. */
@NullMarked
package dev.throng.eval;

import org.jspecify.annotations.NullMarked;

/** Measures retrieval quality on data sets with known answers. */
@NullMarked
package dev.throng.eval;

import org.jspecify.annotations.NullMarked;

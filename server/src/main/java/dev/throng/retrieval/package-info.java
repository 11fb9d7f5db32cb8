/** Finds the passages for a question by words and vectors in parallel, and fuses the results. */
@NullMarked
package dev.throng.retrieval;

import org.jspecify.annotations.NullMarked;

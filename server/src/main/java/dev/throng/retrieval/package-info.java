/** Finds the passages for a question: words and vectors side by side, fused. */
@NullMarked
package dev.throng.retrieval;

import org.jspecify.annotations.NullMarked;

/** Answers without a language model: sentences quoted from the documents, with citations. */
@NullMarked
package dev.throng.backend.extractive;

import org.jspecify.annotations.NullMarked;

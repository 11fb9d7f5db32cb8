/** Answers without a model: the sentences that answer, quoted and cited. */
@NullMarked
package dev.throng.backend.extractive;

import org.jspecify.annotations.NullMarked;

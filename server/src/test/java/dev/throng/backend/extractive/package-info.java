/** Tests of the choice of sentences. */
@NullMarked
package dev.throng.backend.extractive;

import org.jspecify.annotations.NullMarked;

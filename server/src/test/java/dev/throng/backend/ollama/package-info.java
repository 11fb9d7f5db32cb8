/** Tests of what may reach a model as raw text. */
@NullMarked
package dev.throng.backend.ollama;

import org.jspecify.annotations.NullMarked;

/** Ollama: generation from raw prompts, and embeddings. */
@NullMarked
package dev.throng.backend.ollama;

import org.jspecify.annotations.NullMarked;

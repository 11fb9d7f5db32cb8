/** A server that looks like Ollama but runs no model, for benchmarks and drills. */
@NullMarked
package dev.throng.ollamasim;

import org.jspecify.annotations.NullMarked;

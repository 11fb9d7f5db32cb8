/** A server that looks like Ollama but runs no model, for drills of scale and of failure. */
@NullMarked
package dev.throng.ollamasim;

import org.jspecify.annotations.NullMarked;

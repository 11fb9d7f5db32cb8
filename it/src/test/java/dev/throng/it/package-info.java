/** Tests with real components: Ollama with a small real model, the whole server over HTTP. */
@NullMarked
package dev.throng.it;

import org.jspecify.annotations.NullMarked;

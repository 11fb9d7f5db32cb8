/** Tests of the simulator of Ollama. */
@NullMarked
package dev.throng.ollamasim;

import org.jspecify.annotations.NullMarked;

/** Servers with OpenAI's chat completions: vLLM, llama.cpp, TGI and others. */
@NullMarked
package dev.throng.backend.openai;

import org.jspecify.annotations.NullMarked;

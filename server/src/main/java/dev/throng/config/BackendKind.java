package dev.throng.config;

/** The protocol that a backend speaks. */
public enum BackendKind {
  OLLAMA,
  /** OpenAI's chat completions API, as served by vLLM, llama.cpp, TGI and others. */
  OPENAI
}

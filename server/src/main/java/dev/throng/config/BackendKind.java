package dev.throng.config;

/** The protocol that a backend speaks. */
public enum BackendKind {
  OLLAMA,
  /** Chat completions as OpenAI's API has them: vLLM, llama.cpp, TGI and others. */
  OPENAI
}

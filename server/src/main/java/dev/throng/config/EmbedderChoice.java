package dev.throng.config;

/** The embedding models that can be configured. */
public enum EmbedderChoice {
  BGE_SMALL,
  MINILM,
  OLLAMA
}

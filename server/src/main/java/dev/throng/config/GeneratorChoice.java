package dev.throng.config;

/** What makes answers; {@code AUTO} is resolved at start. */
public enum GeneratorChoice {
  AUTO,
  OLLAMA,
  EXTRACTIVE
}

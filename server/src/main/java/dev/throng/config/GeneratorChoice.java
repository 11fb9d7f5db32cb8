package dev.throng.config;

/** What generates answers. {@code AUTO} is resolved at startup. */
public enum GeneratorChoice {
  AUTO,
  OLLAMA,
  EXTRACTIVE
}

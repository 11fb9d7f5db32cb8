package dev.throng.config;

import java.time.Duration;

/**
 * The model that generates answers, and the limits of a call to any backend. Every setting is
 * explained in defaults.yaml.
 *
 * @param name of the model at backends that have no name of their own for it
 */
public record ModelConfig(
    String name,
    int contextTokens,
    int maxTokens,
    double temperature,
    Duration connectTimeout,
    Duration firstTokenTimeout,
    Duration betweenTokensTimeout) {

  static ModelConfig read(Section section) {
    return new ModelConfig(
        section.text("name"),
        section.integer("context_tokens", 256, 1 << 20),
        section.integer("max_tokens", 1, 1 << 16),
        section.number("temperature", 0, 2),
        section.duration("connect_timeout", Duration.ofMillis(10), Duration.ofMinutes(5)),
        section.duration("first_token_timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        section.duration("between_tokens_timeout", Duration.ofMillis(100), Duration.ofHours(1)));
  }
}

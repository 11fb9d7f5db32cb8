package dev.throng.config;

import java.net.URI;
import java.time.Duration;

/** The model that turns text into vectors. Every setting is explained in defaults.yaml. */
public record EmbedderConfig(
    EmbedderChoice model,
    int threads,
    int queueCapacity,
    int queryCacheEntries,
    String ollamaModel,
    URI ollamaUrl,
    int ollamaBatch,
    Duration ollamaTimeout,
    int ollamaMaxTokens) {

  /** Returns this configuration with another model of the same Ollama server. */
  public EmbedderConfig withOllamaModel(String name) {
    return new EmbedderConfig(
        model,
        threads,
        queueCapacity,
        queryCacheEntries,
        name,
        ollamaUrl,
        ollamaBatch,
        ollamaTimeout,
        ollamaMaxTokens);
  }

  static EmbedderConfig read(Section section) {
    return new EmbedderConfig(
        section.choice("model", EmbedderChoice.class),
        section.integer("threads", 0, 1_024),
        section.integer("queue_capacity", 1, 1_000_000),
        section.integer("query_cache_entries", 0, 100_000_000),
        section.text("ollama_model"),
        section.httpUrl("ollama_url"),
        section.integer("ollama_batch", 1, 2_048),
        section.duration("ollama_timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        section.integer("ollama_max_tokens", 32, 1 << 20));
  }
}

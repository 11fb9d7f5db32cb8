package dev.throng.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The Ollama backends and how they are called. Every setting is explained in defaults.yaml.
 *
 * @param slots slots of each backend; 0 to detect them
 */
public record OllamaConfig(
    List<URI> urls,
    String model,
    int slots,
    int numCtx,
    int numPredict,
    double temperature,
    Duration keepAlive,
    Duration connectTimeout,
    Duration firstTokenTimeout,
    Duration betweenTokensTimeout) {

  static OllamaConfig read(Section section) {
    return new OllamaConfig(
        section.httpUrls("urls"),
        section.text("model"),
        section.integerOrAuto("slots", 1, 10_000),
        section.integer("num_ctx", 256, 1 << 20),
        section.integer("num_predict", 1, 1 << 16),
        section.number("temperature", 0, 2),
        section.duration("keep_alive", Duration.ofSeconds(1), Duration.ofHours(10_000)),
        section.duration("connect_timeout", Duration.ofMillis(10), Duration.ofMinutes(5)),
        section.duration("first_token_timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        section.duration("between_tokens_timeout", Duration.ofMillis(100), Duration.ofHours(1)));
  }

  OllamaConfig with(List<URI> otherUrls) {
    return new OllamaConfig(
        otherUrls,
        model,
        slots,
        numCtx,
        numPredict,
        temperature,
        keepAlive,
        connectTimeout,
        firstTokenTimeout,
        betweenTokensTimeout);
  }
}

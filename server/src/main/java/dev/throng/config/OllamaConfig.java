package dev.throng.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The Ollama backends, and what only they have. Every setting is explained in defaults.yaml.
 *
 * @param slots slots of each backend of {@code urls}; 0 to detect them
 */
public record OllamaConfig(List<URI> urls, int slots, Duration keepAlive) {

  static OllamaConfig read(Section section) {
    return new OllamaConfig(
        section.httpUrls("urls"),
        section.integerOrAuto("slots", 1, 10_000),
        section.duration("keep_alive", Duration.ofSeconds(1), Duration.ofHours(10_000)));
  }

  OllamaConfig with(List<URI> otherUrls) {
    return new OllamaConfig(otherUrls, slots, keepAlive);
  }
}

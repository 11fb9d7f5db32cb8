package dev.throng.config;

import java.time.Duration;

/** How an answer is made. Every setting is explained in defaults.yaml. */
public record AnswerConfig(Duration timeout, String defaultCollection) {

  static AnswerConfig read(Section section) {
    return new AnswerConfig(
        section.duration("timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        section.text("default_collection"));
  }
}

package dev.throng.config;

import java.time.Duration;

/** What users say about answers. Every setting is explained in defaults.yaml. */
public record FeedbackConfig(int maxEntries, Duration retention) {
  static FeedbackConfig read(Section section) {
    return new FeedbackConfig(
        section.integer("max_entries", 1, 10_000_000),
        section.duration("retention", Duration.ofSeconds(1), Duration.ofDays(3650)));
  }
}

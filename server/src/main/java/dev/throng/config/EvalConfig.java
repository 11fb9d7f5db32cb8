package dev.throng.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the scheduled evaluation of retrieval, which defaults.yaml explains.
 *
 * @param questions null when there is no evaluation
 */
public record EvalConfig(@Nullable Path questions, String collection, Duration interval) {
  static EvalConfig read(Section section) {
    return new EvalConfig(
        section.file("questions"),
        section.text("collection"),
        section.duration("interval", Duration.ofSeconds(1), Duration.ofDays(30)));
  }
}

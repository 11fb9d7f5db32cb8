package dev.throng.config;

import java.time.Duration;

/** Answers kept in this process. Every setting is explained in defaults.yaml. */
public record CacheConfig(long maxBytes, Duration idleTimeout) {

  static CacheConfig read(Section section) {
    return new CacheConfig(
        section.bytes("max_bytes", 0, 1L << 40),
        section.duration("idle_timeout", Duration.ofSeconds(1), Duration.ofHours(10_000)));
  }
}

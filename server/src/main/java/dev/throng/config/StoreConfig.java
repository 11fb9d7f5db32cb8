package dev.throng.config;

import java.time.Duration;

/**
 * Where chunks are stored. Every setting is explained in defaults.yaml.
 *
 * @param maxOpenIndexes maximum number of Lucene indexes that are open at the same time
 * @param idleTimeout time after which an unused Lucene index is closed
 */
public record StoreConfig(StoreKind kind, int maxOpenIndexes, Duration idleTimeout) {
  static StoreConfig read(Section section) {
    return new StoreConfig(
        section.choice("kind", StoreKind.class),
        section.integer("max_open_indexes", 1, 100_000),
        section.duration("idle_timeout", Duration.ofMillis(100), Duration.ofHours(24)));
  }
}

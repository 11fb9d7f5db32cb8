package dev.throng.config;

import java.time.Duration;

/**
 * How a followed folder is watched. Every setting is explained in defaults.yaml, in the section
 * ingest.
 */
public record WatchConfig(boolean isOn, Duration debounce, Duration rescan) {

  static WatchConfig read(Section section) {
    return new WatchConfig(
        section.flag("watch"),
        section.duration("watch_debounce", Duration.ofMillis(10), Duration.ofMinutes(10)),
        section.duration("watch_rescan", Duration.ofMillis(100), Duration.ofHours(24)));
  }
}

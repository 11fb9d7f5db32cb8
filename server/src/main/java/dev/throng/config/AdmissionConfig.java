package dev.throng.config;

import java.time.Duration;

/** Who may wait for a backend. Every setting is explained in defaults.yaml. */
public record AdmissionConfig(int maxWaiting, Duration maxWait) {

  static AdmissionConfig read(Section section) {
    return new AdmissionConfig(
        section.integer("max_waiting", 0, 1_000_000),
        section.duration("max_wait", Duration.ZERO, Duration.ofHours(1)));
  }
}

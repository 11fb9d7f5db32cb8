package dev.throng.config;

/**
 * How a replica behaves when its configuration or model differs from that of the replicas already
 * running.
 */
public enum AgreementChoice {
  /** The replica is not ready. */
  REQUIRE,
  /** The replica logs a warning. */
  WARN
}

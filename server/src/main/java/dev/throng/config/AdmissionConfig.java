package dev.throng.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Limits on waiting work, and the behaviour under overload. Every setting is explained in
 * defaults.yaml.
 */
public record AdmissionConfig(
    int maxWaiting,
    Duration maxWait,
    Duration batchAfter,
    Map<String, Integer> tenantWeights,
    int retrievalSlots,
    int retrievalMaxWaiting,
    Duration retrievalMaxWait,
    int extractiveSlots,
    List<Rung> ladder,
    int ratePerSecond,
    int burst) {

  static AdmissionConfig read(Section section) {
    Duration hour = Duration.ofHours(1);
    return new AdmissionConfig(
        section.integer("max_waiting", 0, 1_000_000),
        section.duration("max_wait", Duration.ZERO, hour),
        section.duration("batch_after", Duration.ZERO, hour),
        section.weights("tenant_weights", 1_000),
        section.integer("retrieval_slots", 0, 10_000),
        section.integer("retrieval_max_waiting", 0, 1_000_000),
        section.duration("retrieval_max_wait", Duration.ZERO, hour),
        section.integer("extractive_slots", 0, 10_000),
        section.choices("ladder", Rung.class),
        section.integer("rate_per_second", 0, 1_000_000),
        section.integer("burst", 1, 1_000_000));
  }
}

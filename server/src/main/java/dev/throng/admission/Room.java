package dev.throng.admission;

import dev.throng.config.AdmissionConfig;
import java.time.Duration;
import java.util.Map;

/**
 * The rules of one waiting room.
 *
 * @param name of what is waited for, for messages and metrics
 * @param maxWaiting places in it
 * @param maxWait longest wait
 * @param batchAfter a batch request that has waited so long goes before interactive ones, now and
 *     then
 * @param weights of tenants; any other has 1
 * @param firstGuess how long the work takes, until some of it was measured
 */
public record Room(
    String name,
    int maxWaiting,
    Duration maxWait,
    Duration batchAfter,
    Map<String, Integer> weights,
    Duration firstGuess) {
  private static final Duration GENERATION_GUESS = Duration.ofSeconds(5);
  private static final Duration RETRIEVAL_GUESS = Duration.ofMillis(15);
  private static final Duration EXTRACT_GUESS = Duration.ofMillis(5);

  /** Who overload has already refused elsewhere gets a lesser answer at once, or none. */
  private static final Duration EXTRACT_MAX_WAIT = Duration.ofMillis(50);

  private static final int EXTRACT_MAX_WAITING = 64;

  /** Where generations wait for a slot of a backend. */
  public static Room generations(AdmissionConfig config) {
    return new Room(
        "generation",
        config.maxWaiting(),
        config.maxWait(),
        config.batchAfter(),
        config.tenantWeights(),
        GENERATION_GUESS);
  }

  /** Where questions wait to be embedded and searched for. */
  public static Room retrievals(AdmissionConfig config) {
    return new Room(
        "retrieval",
        config.retrievalMaxWaiting(),
        config.retrievalMaxWait(),
        config.batchAfter(),
        config.tenantWeights(),
        RETRIEVAL_GUESS);
  }

  /** Where degraded answers wait to be put together from quotations. */
  public static Room extracts(AdmissionConfig config) {
    return new Room(
        "extract",
        EXTRACT_MAX_WAITING,
        EXTRACT_MAX_WAIT,
        config.batchAfter(),
        config.tenantWeights(),
        EXTRACT_GUESS);
  }

  int weight(String tenant) {
    return weights.getOrDefault(tenant, 1);
  }
}

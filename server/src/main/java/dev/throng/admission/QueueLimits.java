package dev.throng.admission;

import dev.throng.config.AdmissionConfig;
import java.time.Duration;
import java.util.Map;

/**
 * The limits of one queue.
 *
 * @param name of what is waited for, for messages and metrics
 * @param maxWaiting places in it
 * @param maxWait longest wait
 * @param batchAfter a batch request that has waited so long goes before interactive ones, now and
 *     then
 * @param weights of tenants; any other has 1
 * @param firstGuess how long the work takes, until some of it was measured
 * @param recoveryWait longest wait while there is no slot at all
 */
public record QueueLimits(
    String name,
    int maxWaiting,
    Duration maxWait,
    Duration batchAfter,
    Map<String, Integer> weights,
    Duration firstGuess,
    Duration recoveryWait) {
  /** A room that does not tell a lack of slots from a lack of free ones. */
  public static final Duration UNLIMITED = Duration.ofDays(365);

  private static final Duration GENERATION_GUESS = Duration.ofSeconds(5);
  private static final Duration RETRIEVAL_GUESS = Duration.ofMillis(15);
  private static final Duration EXTRACT_GUESS = Duration.ofMillis(5);

  /** A crowd that all backends have failed at the same moment has to be quoted to in turn. */
  private static final Duration EXTRACT_MAX_WAIT = Duration.ofSeconds(5);

  private static final int EXTRACT_MAX_WAITING = 512;

  /** As long as there are slots. */
  public QueueLimits(
      String name,
      int maxWaiting,
      Duration maxWait,
      Duration batchAfter,
      Map<String, Integer> weights,
      Duration firstGuess) {
    this(name, maxWaiting, maxWait, batchAfter, weights, firstGuess, UNLIMITED);
  }

  /**
   * Where generations wait for a slot of a backend.
   *
   * @param recoveryWait for a backend to come back when all are down
   */
  public static QueueLimits generations(AdmissionConfig config, Duration recoveryWait) {
    return new QueueLimits(
        "generation",
        config.maxWaiting(),
        config.maxWait(),
        config.batchAfter(),
        config.tenantWeights(),
        GENERATION_GUESS,
        recoveryWait);
  }

  /** Where questions wait to be embedded and searched for. */
  public static QueueLimits retrievals(AdmissionConfig config) {
    return new QueueLimits(
        "retrieval",
        config.retrievalMaxWaiting(),
        config.retrievalMaxWait(),
        config.batchAfter(),
        config.tenantWeights(),
        RETRIEVAL_GUESS);
  }

  /** Where degraded answers wait to be put together from quotations. */
  public static QueueLimits extracts(AdmissionConfig config) {
    return new QueueLimits(
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

package dev.throng.admission;

import dev.throng.config.AdmissionConfig;
import java.time.Duration;
import java.util.Map;

/**
 * The limits of one queue.
 *
 * @param name of the resource, for messages and metrics
 * @param maxWaiting number of places
 * @param maxWait maximum wait
 * @param batchAfter wait after which a batch request sometimes goes before interactive ones
 * @param weights of tenants; any other has 1
 * @param firstGuess estimated service time until some have been measured
 * @param recoveryWait maximum wait while there is no slot at all
 */
public record QueueLimits(
    String name,
    int maxWaiting,
    Duration maxWait,
    Duration batchAfter,
    Map<String, Integer> weights,
    Duration firstGuess,
    Duration recoveryWait) {
  /** For a queue that does not distinguish a lack of slots from a lack of free slots. */
  public static final Duration UNLIMITED = Duration.ofDays(365);

  private static final Duration GENERATION_GUESS = Duration.ofSeconds(5);
  private static final Duration RETRIEVAL_GUESS = Duration.ofMillis(15);
  private static final Duration EXTRACT_GUESS = Duration.ofMillis(5);

  /**
   * Long enough that all requests of a crowd can be served in turn when all backends fail at the
   * same moment.
   */
  private static final Duration EXTRACT_MAX_WAIT = Duration.ofSeconds(5);

  private static final int EXTRACT_MAX_WAITING = 512;

  /** Creates limits with an unlimited wait for recovery. */
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
   * Returns the limits for generations, which wait for a slot of a backend.
   *
   * @param recoveryWait maximum wait for a backend to recover when all are down
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

  /** Returns the limits for retrievals, which wait to be embedded and searched. */
  public static QueueLimits retrievals(AdmissionConfig config) {
    return new QueueLimits(
        "retrieval",
        config.retrievalMaxWaiting(),
        config.retrievalMaxWait(),
        config.batchAfter(),
        config.tenantWeights(),
        RETRIEVAL_GUESS);
  }

  /** Returns the limits for degraded answers, which wait to be assembled from quotations. */
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

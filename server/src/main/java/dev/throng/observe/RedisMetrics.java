package dev.throng.observe;

import io.micrometer.core.instrument.MeterRegistry;

/** Counts commands that this replica continued without because Redis did not answer them. */
public final class RedisMetrics {
  /** Why a command was not answered. */
  public enum Unanswered {
    /** Redis did not answer within {@code redis.timeout}. */
    LATE,
    /** Redis refused the command, or the connection broke. */
    FAILED,
    /** Redis was out of use, so the command was not sent. */
    SKIPPED
  }

  private final EnumCounters<Unanswered> counters;

  public RedisMetrics(MeterRegistry registry) {
    this.counters =
        new EnumCounters<>(registry, Metric.REDIS_UNANSWERED, "reason", Unanswered.class);
  }

  public void unanswered(Unanswered reason) {
    counters.increment(reason);
  }
}

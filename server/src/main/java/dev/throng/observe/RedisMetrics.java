package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

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

  private final Map<Unanswered, Counter> counters = new EnumMap<>(Unanswered.class);

  public RedisMetrics(MeterRegistry registry) {
    for (Unanswered reason : Unanswered.values()) {
      counters.put(
          reason,
          Metric.REDIS_UNANSWERED.counter(
              registry, "reason", reason.name().toLowerCase(Locale.ROOT)));
    }
  }

  public void unanswered(Unanswered reason) {
    Objects.requireNonNull(counters.get(reason)).increment(); // each reason has a counter
  }
}

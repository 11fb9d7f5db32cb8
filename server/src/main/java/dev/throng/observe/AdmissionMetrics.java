package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The counters of one admission queue. */
public final class AdmissionMetrics {
  private final MeterRegistry registry;
  private final String queue;
  private final Map<String, Counter> refused = new ConcurrentHashMap<>();

  /**
   * Creates the counters.
   *
   * @param reasons all of them, so that a rate sees the first refusal
   */
  public AdmissionMetrics(MeterRegistry registry, String queue, List<String> reasons) {
    this.registry = registry;
    this.queue = queue;
    reasons.forEach(reason -> refused.put(reason, counter(reason)));
  }

  /** Counts a request that got no permit. */
  public void refused(String reason) {
    refused.computeIfAbsent(reason, this::counter).increment();
  }

  private Counter counter(String reason) {
    return Metric.ADMISSION_REFUSED.counter(registry, "queue", queue, "reason", reason);
  }
}

package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The counters of one admission queue. */
public final class AdmissionMetrics {
  private final MeterRegistry registry;
  private final String queue;
  private final Map<String, Counter> refused = new ConcurrentHashMap<>();

  public AdmissionMetrics(MeterRegistry registry, String queue) {
    this.registry = registry;
    this.queue = queue;
  }

  /** Counts a request that got no permit. */
  public void refused(String reason) {
    refused.computeIfAbsent(reason, this::counter).increment();
  }

  private Counter counter(String reason) {
    return Metric.ADMISSION_REFUSED.counter(registry, "queue", queue, "reason", reason);
  }
}

package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The counters of one admission queue. */
public final class AdmissionMetrics {
  private final MeterRegistry registry;
  private final String room;
  private final Map<String, Counter> refused = new ConcurrentHashMap<>();

  public AdmissionMetrics(MeterRegistry registry, String room) {
    this.registry = registry;
    this.room = room;
  }

  /** Counts a request that got no permit. */
  public void refused(String reason) {
    refused.computeIfAbsent(reason, this::counter).increment();
  }

  private Counter counter(String reason) {
    return Metric.ADMISSION_REFUSED.counter(registry, "room", room, "reason", reason);
  }
}

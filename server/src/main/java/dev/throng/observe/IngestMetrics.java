package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts finished jobs. */
public final class IngestMetrics {
  private record End(String kind, String result) {}

  private final MeterRegistry registry;
  private final Map<End, Counter> ends = new ConcurrentHashMap<>();

  public IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts a job that this process has ended.
   *
   * @param kind as clients see it
   * @param result done, or the error code of its failure
   */
  public void ended(String kind, String result) {
    ends.computeIfAbsent(
            new End(kind, result),
            end -> Metric.JOBS_ENDED.counter(registry, "kind", end.kind(), "result", end.result()))
        .increment();
  }
}

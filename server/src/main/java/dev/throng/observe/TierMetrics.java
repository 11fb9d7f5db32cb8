package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The counters of a shared cache tier. */
public final class TierMetrics {
  private final MeterRegistry registry;
  private final String tier;
  private final Map<String, Counter> lookups = new ConcurrentHashMap<>();
  private final Map<String, Counter> writes = new ConcurrentHashMap<>();

  public TierMetrics(MeterRegistry registry, String tier) {
    this.registry = registry;
    this.tier = tier;
  }

  /** Counts a lookup: hit, miss, unreadable, failed or skipped. */
  public void lookedUp(String result) {
    lookups.computeIfAbsent(result, r -> counter(Metric.CACHE_LOOKUPS, r)).increment();
  }

  /** Returns the number of lookups with this result. */
  public long lookups(String result) {
    Counter counter = lookups.get(result);
    return counter == null ? 0 : (long) counter.count();
  }

  /** Counts a write: ok, failed or skipped. */
  public void written(String result) {
    writes.computeIfAbsent(result, r -> counter(Metric.CACHE_WRITES, r)).increment();
  }

  private Counter counter(Metric metric, String result) {
    return metric.counter(registry, "tier", tier, "result", result);
  }
}

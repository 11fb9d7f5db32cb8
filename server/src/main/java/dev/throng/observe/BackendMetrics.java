package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the pool measures of its backends. */
public final class BackendMetrics {
  private record Call(String backend, String result) {}

  private final MeterRegistry registry;
  private final Map<Call, Counter> calls = new ConcurrentHashMap<>();

  public BackendMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * One call that has ended.
   *
   * @param backend its URL
   * @param result ok, or an error code
   */
  public void called(String backend, String result) {
    calls.computeIfAbsent(new Call(backend, result), this::counter).increment();
  }

  private Counter counter(Call call) {
    return Counter.builder(Metric.BACKEND_CALLS.key())
        .description(Metric.BACKEND_CALLS.meaning())
        .tag("backend", call.backend())
        .tag("result", call.result())
        .register(registry);
  }
}

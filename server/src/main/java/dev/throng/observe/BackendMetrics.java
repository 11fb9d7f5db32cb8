package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The metrics of the backends in the pool. */
public final class BackendMetrics {
  private static final String BACKEND = "backend";

  private record Call(String backend, String result) {}

  private final MeterRegistry registry;
  private final Counter continuations;
  private final Counter hedgesWon;
  private final Counter hedgesLost;
  private final Map<Call, Counter> calls = new ConcurrentHashMap<>();

  public BackendMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.continuations = Metric.CONTINUATIONS.counter(registry);
    this.hedgesWon = Metric.HEDGES.counter(registry, "result", "won");
    this.hedgesLost = Metric.HEDGES.counter(registry, "result", "lost");
  }

  /**
   * Counts a call that has ended.
   *
   * @param backend its URL
   * @param result ok, or an error code
   */
  public void called(String backend, String result) {
    calls.computeIfAbsent(new Call(backend, result), this::counter).increment();
  }

  /** Counts how often other backends had to continue an answer. */
  public void continued(int times) {
    continuations.increment(times);
  }

  /**
   * Counts a second call to an idle backend.
   *
   * @param isWon whether it showed the first token
   */
  public void hedged(boolean isWon) {
    (isWon ? hedgesWon : hedgesLost).increment();
  }

  /** Shows whether a backend is in use: 1, or 0 while it cools down. */
  public void watch(String backend, Predicate<String> isUp) {
    Gauge.builder(Metric.BACKEND_UP.key(), () -> isUp.test(backend) ? 1 : 0)
        .description(Metric.BACKEND_UP.meaning())
        .tag(BACKEND, backend)
        .register(registry);
  }

  /** Removes a backend that has left the pool. */
  public void unwatch(String backend) {
    registry.find(Metric.BACKEND_UP.key()).tag(BACKEND, backend).gauges().forEach(registry::remove);
  }

  private Counter counter(Call call) {
    return Metric.BACKEND_CALLS.counter(registry, BACKEND, call.backend(), "result", call.result());
  }
}

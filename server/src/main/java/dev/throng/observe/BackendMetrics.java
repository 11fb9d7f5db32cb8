package dev.throng.observe;

import dev.throng.config.ObserveConfig;
import dev.throng.core.TokenCount;
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
  private final ModelMetrics used;
  private final Map<Call, Counter> calls = new ConcurrentHashMap<>();

  public BackendMetrics(MeterRegistry registry, ObserveConfig config) {
    this.registry = registry;
    this.used = ModelMetrics.used(registry, config);
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

  /** Counts the tokens of a call that has ended. */
  public void used(TokenCount tokens) {
    used.add(tokens);
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

  /** Must be called when a backend leaves the pool. */
  public void unwatch(String backend) {
    remove(Metric.BACKEND_UP, backend);
  }

  /**
   * Removes the counters of a backend after its last call. Backends come and go with their
   * addresses, and each of them would otherwise be a series for good.
   */
  public void forget(String backend) {
    calls.keySet().removeIf(call -> call.backend().equals(backend));
    remove(Metric.BACKEND_CALLS, backend);
  }

  private void remove(Metric metric, String backend) {
    registry.find(metric.key()).tag(BACKEND, backend).meters().forEach(registry::remove);
  }

  private Counter counter(Call call) {
    return Metric.BACKEND_CALLS.counter(registry, BACKEND, call.backend(), "result", call.result());
  }
}

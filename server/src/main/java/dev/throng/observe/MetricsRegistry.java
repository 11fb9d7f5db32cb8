package dev.throng.observe;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The process's metrics, in Prometheus' text format. */
public final class MetricsRegistry implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  /** Metrics of the library whose names break Prometheus' conventions, so others replace them. */
  private static final List<String> UNCONVENTIONAL =
      List.of("process.cpu.time", "system.cpu.count");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final JvmHeapPressureMetrics heapPressure = new JvmHeapPressureMetrics();
  private final AtomicBoolean isWatchingProcess = new AtomicBoolean();
  private final ReentrantLock scraping = new ReentrantLock();

  /**
   * Registers the metrics of the JVM and the process. This takes 50 ms, so it is not done at
   * startup.
   */
  private void watchProcess() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    for (String name : UNCONVENTIONAL) {
      registry.config().meterFilter(MeterFilter.denyNameStartsWith(name));
    }
    new ProcessorMetrics().bindTo(registry);
    FunctionCounter.builder(Metric.CPU.key(), this, MetricsRegistry::cpuSeconds)
        .description(Metric.CPU.meaning())
        .register(registry);
    gauge(Metric.CORES, Runtime.getRuntime()::availableProcessors);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    heapPressure.bindTo(registry);
    new ProcessMetrics(Path.of("/proc/self")).bindTo(registry);
  }

  private double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime() / NANOS_PER_SECOND
        : Double.NaN;
  }

  public MeterRegistry registry() {
    return registry;
  }

  /**
   * Registers a gauge, which is read when it is scraped.
   *
   * @param labels name, value, name, value, ...
   */
  public void gauge(Metric metric, Supplier<Number> value, String... labels) {
    Gauge.builder(metric.key(), value)
        .description(metric.meaning())
        .tags(labels)
        .register(registry);
  }

  /** Like {@link #gauge}, which shows 1 or 0. */
  public void flag(Metric metric, BooleanSupplier value, String... labels) {
    gauge(metric, () -> value.getAsBoolean() ? 1 : 0, labels);
  }

  /** Like {@link #gauge}, which shows seconds. */
  public void seconds(Metric metric, Supplier<Duration> value) {
    gauge(metric, () -> value.get().toMillis() / MILLIS_PER_SECOND);
  }

  /**
   * Returns all metrics in Prometheus' text format, version 0.0.4. Only one scrape runs at a time,
   * because it takes milliseconds and any client may request it.
   */
  public String scrape() {
    scraping.lock();
    try {
      if (isWatchingProcess.compareAndSet(false, true)) {
        watchProcess();
      }
      return registry.scrape();
    } finally {
      scraping.unlock();
    }
  }

  @Override
  public void close() {
    gc.close();
    heapPressure.close();
    registry.close();
  }
}

package dev.throng.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The process's metrics, in Prometheus' text format. */
public final class MetricsRegistry implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final AtomicBoolean isWatchingProcess = new AtomicBoolean();
  private final ReentrantLock scraping = new ReentrantLock();

  /**
   * Registers the metrics of the JVM and the process. This takes 50 ms, so it is not done at
   * startup.
   */
  private void watchProcess() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  public MeterRegistry registry() {
    return registry;
  }

  /** Registers a gauge, which is read when it is scraped. */
  public void gauge(Metric metric, Supplier<Number> value) {
    Gauge.builder(metric.key(), value).description(metric.meaning()).register(registry);
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
    registry.close();
  }
}

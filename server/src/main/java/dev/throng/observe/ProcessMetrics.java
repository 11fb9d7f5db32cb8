package dev.throng.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * What Linux knows about this process and the JVM does not: memory, disk and network. On other
 * systems the values are missing.
 */
final class ProcessMetrics {
  private static final Path STATUS = Path.of("status");
  private static final Path IO = Path.of("io");
  private static final Path NETWORK = Path.of("net", "dev");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final double BYTES_PER_KIB = 1024;

  /** Columns of /proc/PID/net/dev after the name of the interface. */
  private static final int RECEIVED = 0;

  private static final int SENT = 8;

  private final Path proc;

  /**
   * Creates the metrics.
   *
   * @param proc a folder like /proc/self
   */
  ProcessMetrics(Path proc) {
    this.proc = proc;
  }

  void bindTo(MeterRegistry registry) {
    if (!Files.isReadable(proc.resolve(STATUS))) {
      return;
    }
    gauge(registry, Metric.RESIDENT_MEMORY, process -> process.kib("VmRSS:"));
    gauge(registry, Metric.NATIVE_MEMORY, ProcessMetrics::nativeBytes);
    counter(registry, Metric.DISK_READ, process -> process.field(IO, "read_bytes:"));
    counter(registry, Metric.DISK_WRITTEN, process -> process.field(IO, "write_bytes:"));
    counter(registry, Metric.NETWORK_RECEIVED, process -> process.network(RECEIVED));
    counter(registry, Metric.NETWORK_SENT, process -> process.network(SENT));
  }

  private void gauge(MeterRegistry registry, Metric metric, ToDoubleFunction<ProcessMetrics> read) {
    Gauge.builder(metric.key(), this, read)
        .description(metric.meaning())
        .strongReference(true)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, Metric metric, ToDoubleFunction<ProcessMetrics> read) {
    // Held by the registry only weakly, but the gauges keep this object alive.
    FunctionCounter.builder(metric.key(), this, read)
        .description(metric.meaning())
        .register(registry);
  }

  /** Returns the anonymous memory that does not belong to the heap or another pool of the JVM. */
  private double nativeBytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    double ofJvm =
        memory.getHeapMemoryUsage().getCommitted() + memory.getNonHeapMemoryUsage().getCommitted();
    double direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToDouble(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return Math.max(
        0, kib("RssAnon:") - ofJvm - direct); // the JVM may not use all it has committed
  }

  private double kib(String name) {
    return field(STATUS, name) * BYTES_PER_KIB;
  }

  /** Returns the number after a name at the beginning of a line, or NaN. */
  private double field(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> number(columns(line.substring(name.length())).getFirst()))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Returns the sum of a column over all interfaces but the loopback one. */
  private double network(int column) {
    return lines(NETWORK).stream()
        .filter(line -> line.contains(":") && !line.strip().startsWith("lo:"))
        .map(line -> columns(line.substring(line.indexOf(':') + 1)))
        .mapToDouble(columns -> column < columns.size() ? number(columns.get(column)) : 0)
        .sum();
  }

  private List<String> lines(Path file) {
    try {
      return Files.readAllLines(proc.resolve(file));
    } catch (IOException e) {
      return List.of(); // not readable in some containers
    }
  }

  private static List<String> columns(String line) {
    return List.of(BLANKS.split(line.strip(), -1));
  }

  private static double number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}

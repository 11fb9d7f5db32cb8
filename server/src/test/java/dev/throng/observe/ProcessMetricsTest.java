package dev.throng.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that come from files of /proc. */
final class ProcessMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double value(Metric metric) {
    Meter meter = registry.get(metric.key()).meter();
    return meter.measure().iterator().next().getValue();
  }

  @Test
  void valuesAreReadFromTheirFiles(@TempDir Path proc) throws IOException {
    Files.writeString(
        proc.resolve("status"), "Name:\tjava\nVmRSS:\t  2048 kB\nRssAnon:\t 9000000000 kB\n");
    Files.writeString(proc.resolve("io"), "rchar: 9\nread_bytes: 4096\nwrite_bytes: 8192\n");
    Files.createDirectory(proc.resolve("net"));
    Files.writeString(
        proc.resolve("net/dev"),
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
            lo: 7777 1 0 0 0 0 0 0 7777 1 0 0 0 0 0 0
          eth0: 100 1 0 0 0 0 0 0 30 1 0 0 0 0 0 0
          eth1:20 1 0 0 0 0 0 0 4 1 0 0 0 0 0 0
        """);
    new ProcessMetrics(proc).bindTo(registry);
    assertEquals(2048 * 1024, value(Metric.RESIDENT_MEMORY));
    assertTrue(value(Metric.NATIVE_MEMORY) > 8e12, "all that is not the JVM's");
    assertEquals(4096, value(Metric.DISK_READ));
    assertEquals(8192, value(Metric.DISK_WRITTEN));
    assertEquals(120, value(Metric.NETWORK_RECEIVED));
    assertEquals(34, value(Metric.NETWORK_SENT));
  }

  @Test
  void valuesOfThisProcessArePlausible() {
    new ProcessMetrics(Path.of("/proc/self")).bindTo(registry);
    assertTrue(value(Metric.RESIDENT_MEMORY) > 50e6);
    assertTrue(value(Metric.NATIVE_MEMORY) >= 0);
    assertTrue(value(Metric.NATIVE_MEMORY) < value(Metric.RESIDENT_MEMORY));
  }

  @Test
  void nothingIsShownWhereThereIsNoProc(@TempDir Path proc) {
    new ProcessMetrics(proc).bindTo(registry);
    assertTrue(registry.getMeters().isEmpty());
  }

  @Test
  void fileThatCannotBeReadLeavesItsValueOut(@TempDir Path proc) throws IOException {
    Files.writeString(proc.resolve("status"), "VmRSS:\t2048 kB\n");
    new ProcessMetrics(proc).bindTo(registry);
    assertTrue(Double.isNaN(value(Metric.DISK_READ)));
    assertEquals(0, value(Metric.NETWORK_RECEIVED));
  }
}

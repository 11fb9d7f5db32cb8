package dev.throng.bench.rig;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Reports over HTTP, in bytes: {@code /allocated} since the start, as of the last collection;
 * {@code /peak} the sum of the peaks of each part of the heap, which is at least the heap's own
 * peak; {@code /live} after a collection run for it.
 */
final class MemoryReport {
  static final String PORT_PROPERTY = "throng.bench.memoryPort";

  private MemoryReport() {}

  /** Reports at http://127.0.0.1:PORT/ when the property sets a port. */
  static void announceIfAsked() throws IOException {
    Integer port = Integer.getInteger(PORT_PROPERTY);
    if (port == null) {
      return;
    }
    AllocationCounter counter = AllocationCounter.start();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    serve(server, "/allocated", counter::allocatedBytes);
    serve(server, "/peak", MemoryReport::peakBytes);
    serve(server, "/live", MemoryReport::liveBytes);
    server.start();
  }

  private static void serve(HttpServer server, String path, LongSupplier figure) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = Long.toString(figure.getAsLong()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static long peakBytes() {
    return heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private static long liveBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}

package dev.throng.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Counts the bytes that this process allocates, all threads included: what the heap held before
 * each collection beyond what the one before had left.
 */
final class AllocationCounter {
  static final String PORT_PROPERTY = "throng.bench.allocationPort";

  private final AtomicLong allocatedBytes = new AtomicLong();
  private final AtomicLong leftBytes = new AtomicLong();

  private AllocationCounter() {}

  /** Tells the count at http://127.0.0.1:PORT/ when the property names a port. */
  static void announceIfAsked() throws IOException {
    Integer port = Integer.getInteger(PORT_PROPERTY);
    if (port == null) {
      return;
    }
    AllocationCounter counter = new AllocationCounter();
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (bean instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (notification, handback) ->
                counter.collected(
                    GarbageCollectionNotificationInfo.from(
                        (CompositeData) notification.getUserData())),
            null,
            null);
      }
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body =
              Long.toString(counter.allocatedBytes.get()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private void collected(GarbageCollectionNotificationInfo info) {
    long before = heap(info.getGcInfo().getMemoryUsageBeforeGc());
    long after = heap(info.getGcInfo().getMemoryUsageAfterGc());
    allocatedBytes.addAndGet(Math.max(0, before - leftBytes.getAndSet(after)));
  }

  private static long heap(Map<String, MemoryUsage> pools) {
    return pools.entrySet().stream()
        .filter(pool -> pool.getKey().matches(".*(Eden|Survivor|Old|Tenured).*"))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }
}

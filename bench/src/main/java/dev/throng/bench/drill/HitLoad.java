package dev.throng.bench.drill;

import dev.throng.bench.rig.KeptConnections;
import dev.throng.bench.rig.Latencies;
import dev.throng.bench.rig.QueryConnection;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Questions whose answers are cached, over persistent connections. */
final class HitLoad implements AutoCloseable {
  private static final String HIT = "\"cached\":true";

  private final List<String> bodies;
  private final Latencies latencies = new Latencies();
  private final KeptConnections connections;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger misses = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  HitLoad(URI server, List<String> bodies) {
    this.connections = new KeptConnections(server);
    this.bodies = bodies;
  }

  void ask(long dueNanos) {
    String body = bodies.get(Math.floorMod(next.getAndIncrement(), bodies.size()));
    try {
      QueryConnection.Response response = connections.ask(body, event -> {});
      latencies.add(System.nanoTime() - dueNanos);
      if (!response.body().contains(HIT)) {
        misses.incrementAndGet();
      }
    } catch (IOException e) {
      failures.incrementAndGet();
    }
  }

  Latencies latencies() {
    return latencies;
  }

  /** Counts answers that were not hits, and requests that failed. */
  int missed() {
    return misses.get() + failures.get();
  }

  @Override
  public void close() {
    connections.close();
  }
}

package dev.throng.bench.drill;

import dev.throng.bench.rig.Latencies;
import dev.throng.bench.rig.QueryConnection;
import java.io.IOException;
import java.net.URI;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Questions whose answers are cached, over persistent connections. */
final class HitLoad implements AutoCloseable {
  private static final String HIT = "\"cached\":true";

  private final URI server;
  private final List<String> bodies;
  private final Latencies latencies = new Latencies();
  private final Deque<QueryConnection> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger misses = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  HitLoad(URI server, List<String> bodies) {
    this.server = server;
    this.bodies = bodies;
  }

  void ask(long dueNanos) {
    String body = bodies.get(Math.floorMod(next.getAndIncrement(), bodies.size()));
    try {
      QueryConnection known = idle.poll();
      QueryConnection connection = known == null ? new QueryConnection(server) : known;
      QueryConnection.Response response = connection.post("/query", body, event -> {});
      latencies.add(System.nanoTime() - dueNanos);
      if (!response.body().contains(HIT)) {
        misses.incrementAndGet();
      }
      if (connection.isUsable()) {
        idle.push(connection);
      } else {
        connection.close();
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
    idle.forEach(QueryConnection::close);
  }
}

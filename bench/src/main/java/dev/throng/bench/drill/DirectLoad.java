package dev.throng.bench.drill;

import dev.throng.bench.rig.BackendProxy;
import dev.throng.bench.rig.ProxiedCall;
import dev.throng.bench.rig.QueryConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls made straight to the backends, as many at once as they have slots: all that they can do.
 */
final class DirectLoad {
  private final List<BackendProxy> proxies;
  private final int slots;

  /** Calls that the server has made and that are made again. */
  private final List<String> bodies;

  DirectLoad(List<BackendProxy> proxies, int slots) {
    this.proxies = proxies;
    this.slots = slots;
    this.bodies =
        proxies.stream()
            .flatMap(proxy -> proxy.calls().stream())
            .filter(call -> call.prompt().contains(ChatMl.ASKED))
            .map(ProxiedCall::body)
            .toList();
  }

  /** Generations that they end in a second, over a while. */
  double perSecond(Duration length) throws IOException, InterruptedException {
    AtomicInteger ended = new AtomicInteger();
    AtomicInteger next = new AtomicInteger();
    ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(slots * proxies.size());
    long start = System.nanoTime();
    for (BackendProxy proxy : proxies) {
      for (int slot = 0; slot < slots; slot++) {
        Thread.ofVirtual()
            .name("direct-" + slot)
            .start(() -> {
              try {
                while (System.nanoTime() - start < length.toNanos()) {
                  String body = bodies.get(Math.floorMod(next.getAndIncrement(), bodies.size()));
                  ask(proxy, body);
                  ended.incrementAndGet();
                }
              } catch (IOException e) {
                failures.add(e);
              } finally {
                done.countDown();
              }
            });
      }
    }
    done.await();
    if (!failures.isEmpty()) {
      throw new IOException("the backends alone fail", failures.peek());
    }
    return ended.get() / ((System.nanoTime() - start) / 1e9);
  }

  private static void ask(BackendProxy proxy, String body) throws IOException {
    try (QueryConnection connection = new QueryConnection(proxy.url())) {
      connection.post("/api/generate", body, line -> {});
    }
  }
}

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
import java.util.concurrent.atomic.DoubleAdder;

/**
 * Calls made directly to the backends, as many at a time as they have slots: their full capacity.
 */
final class DirectLoad {
  private final List<BackendProxy> proxies;
  private final int slots;

  /** Calls that the server has made, to be repeated. */
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

  /** Returns the generations that they complete per second: the sum over all slots. */
  double perSecond(Duration length) throws IOException, InterruptedException {
    DoubleAdder perSecond = new DoubleAdder();
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
                int ended = 0;
                while (System.nanoTime() - start < length.toNanos()) {
                  String body = bodies.get(Math.floorMod(next.getAndIncrement(), bodies.size()));
                  ask(proxy, body);
                  ended++;
                }
                perSecond.add(ended / ((System.nanoTime() - start) / 1e9));
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
      throw new IOException("direct calls to the backends fail", failures.peek());
    }
    return perSecond.sum();
  }

  private static void ask(BackendProxy proxy, String body) throws IOException {
    try (QueryConnection connection = new QueryConnection(proxy.url())) {
      connection.post("/api/generate", body, line -> {});
    }
  }
}

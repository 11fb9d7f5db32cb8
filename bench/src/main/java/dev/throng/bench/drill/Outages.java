package dev.throng.bench.drill;

import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.PoolState.View;
import dev.throng.bench.rig.BackendProxy;
import dev.throng.bench.rig.OllamaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real backends that die and freeze, in turn: one is killed and restarted a while later, the next
 * is frozen and resumed a while later. The others are healthy in the meantime.
 */
final class Outages {
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(50);
  private static final String UP = "UP";

  private final List<OllamaProcess> backends;
  private final List<BackendProxy> proxies;
  private final BackendPool pool;
  private final Duration interval;
  private final Duration length;
  private volatile boolean isOver;
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param interval from one outage to the next
   * @param length of an outage
   */
  Outages(
      List<OllamaProcess> backends,
      List<BackendProxy> proxies,
      BackendPool pool,
      Duration interval,
      Duration length) {
    this.backends = backends;
    this.proxies = proxies;
    this.pool = pool;
    this.interval = interval;
    this.length = length;
  }

  /** Continues until {@link #end}. */
  Thread start() {
    return Thread.ofPlatform().name("drill-outages").start(this::run);
  }

  /** Starts no further outage; a running one continues to its end. */
  void end() {
    isOver = true;
  }

  int count() {
    return count.get();
  }

  private void run() {
    try {
      rest(System.nanoTime() + interval.toNanos());
      while (!isOver) {
        long nextNanos = System.nanoTime() + interval.toNanos();
        int number = count.get();
        int victim = number % backends.size();
        if (awaitOthers(victim)) {
          strike(victim, number % 2 == 0);
          count.incrementAndGet();
        }
        rest(nextNanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rest(long untilNanos) throws InterruptedException {
    while (!isOver && System.nanoTime() - untilNanos < 0) {
      TimeUnit.MILLISECONDS.sleep(CHECK_INTERVAL.toMillis());
    }
  }

  /** Whether all spared backends are in use, and the victim has running calls. */
  private boolean awaitOthers(int victim) throws InterruptedException {
    while (!isOver) {
      List<View> views = pool.view();
      View struck = views.get(victim);
      if (views.stream().map(View::phase).allMatch(UP::equals) && struck.inFlight() > 0) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(CHECK_INTERVAL.toMillis());
    }
    return false;
  }

  private void strike(int victim, boolean isFatal) throws IOException, InterruptedException {
    OllamaProcess backend = backends.get(victim);
    if (isFatal) {
      proxies.get(victim).refuse();
      backend.kill();
      TimeUnit.MILLISECONDS.sleep(length.toMillis());
      backend.restart();
      proxies.get(victim).listen();
    } else {
      backend.freeze();
      TimeUnit.MILLISECONDS.sleep(length.toMillis());
      backend.thaw();
    }
  }
}

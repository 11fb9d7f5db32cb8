package dev.throng.bench.drill;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.PoolState.View;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.observe.BackendMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Clients that ask a pool for {@link Explanations}, each for one after the other. As behind the
 * server's admission, the pool has no more of them than slots, and they enter in the order in which
 * they asked.
 */
final class PoolClients {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

  /** An answer as its client received it, piece by piece, and how it ended. */
  record Made(int number, String text, Completion completion) {
    boolean isContinued() {
      return !completion.seams().isEmpty();
    }

    boolean isEnded() {
      return completion.finishReason() == FinishReason.STOP;
    }
  }

  private final BackendPool pool;
  private final Semaphore permits;
  private final int clients;
  private final int maxTokens;
  private final ConcurrentSkipListMap<Integer, Made> made = new ConcurrentSkipListMap<>();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

  /** Before the first use, all backends must be up. */
  PoolClients(BackendPool pool, int clients, int maxTokens) {
    this.pool = pool;
    this.permits = new Semaphore(pool.slots(), true);
    this.clients = clients;
    this.maxTokens = maxTokens;
  }

  /**
   * Asks until no number is left.
   *
   * @param onMade receives each answer; may clear the queue
   */
  void ask(Queue<Integer> numbers, Consumer<Made> onMade) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(clients);
    for (int i = 0; i < clients; i++) {
      Thread.ofVirtual()
          .name("drill-client-" + i)
          .start(() -> {
            try {
              Integer number;
              while ((number = numbers.poll()) != null) {
                ask(number, onMade);
              }
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
  }

  /** Returns the answers, ordered by number. */
  List<Made> made() {
    return List.copyOf(made.values());
  }

  /** Returns the failures of the others. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** A pool of Ollama servers. */
  static BackendPool pool(ThrongConfig config, List<URI> urls) {
    List<Backend> backends = new ArrayList<>();
    urls.forEach(url -> backends.add(new OllamaBackend(url, config.model(), config.ollama())));
    return new BackendPool(
        config.pool(),
        config.model(),
        backends,
        new BackendMetrics(new SimpleMeterRegistry(), config.observe()),
        new SplittableRandom(1));
  }

  /** Waits until a pool uses all of its backends. */
  static void awaitAllUp(BackendPool pool) throws InterruptedException {
    long until = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!pool.view().stream().map(View::phase).allMatch("UP"::equals)) {
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException("the backends did not start: " + pool.view());
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private void ask(int number, Consumer<Made> onMade) {
    StringBuilder text = new StringBuilder();
    permits.acquireUninterruptibly();
    try {
      Completion completion =
          pool.generate(
              Explanations.prompt(number),
              maxTokens,
              Deadline.after(Ticker.system(), TIMEOUT),
              text::append);
      Made answer = new Made(number, text.toString(), completion);
      made.put(number, answer);
      onMade.accept(answer);
    } catch (ThrongException e) {
      problems.add("answer %d: %s after \"%s\"".formatted(number, e.getMessage(), text));
    } finally {
      permits.release();
    }
  }
}

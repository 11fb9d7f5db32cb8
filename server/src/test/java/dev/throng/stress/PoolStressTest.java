package dev.throng.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Prompt;
import dev.throng.backend.pool.BackendPool;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.ManualTicker;
import dev.throng.observe.BackendMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pool with real threads: backends fail, are drained, removed and added; clients hang up. */
final class PoolStressTest {
  private static final int CLIENTS = 64;
  private static final int ANSWERS_EACH = 60;
  private static final int SLOTS = 4;
  private static final int MAX_TOKENS = 10_000;
  private static final long CHANGE_EVERY_NANOS = 3_000_000;

  private final BackendPool pool =
      new BackendPool(
          Configs.with(
                  "pool.min_cooldown", "2ms",
                  "pool.max_cooldown", "10ms",
                  "pool.slow_start", "5ms",
                  "pool.slow_factor", "1000",
                  "pool.hedge_share", "0.5",
                  "pool.recovery_wait", "10s")
              .pool(),
          Configs.with().model(),
          List.of(),
          new BackendMetrics(new SimpleMeterRegistry(), Configs.with().observe()),
          new SplittableRandom(1));

  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicInteger cut = new AtomicInteger();
  private final List<ShakyBackend> everMade = new ArrayList<>();

  private ShakyBackend backend(double failures) {
    ShakyBackend made = new ShakyBackend(everMade.size(), SLOTS, failures);
    everMade.add(made);
    return made;
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void noAnswerIsLostAndNoSlotIsExceededOrLeaked() throws InterruptedException {
    List<Backend> members = new ArrayList<>(List.of(backend(0), backend(0.3), backend(0.3)));
    pool.replace(members);
    Thread changes = Thread.ofVirtual().name("changes").start(() -> changeMembers(members));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(threads.submit(() -> ask(client)));
      }
      clients.forEach(Await::result);
    }
    isOver.set(true);
    changes.join();
    Await.until("every slot is free", () -> pool.view().stream().allMatch(v -> v.inFlight() == 0));
    everMade.forEach(
        made -> assertTrue(made.maxInFlight() <= SLOTS, made.name() + ": " + made.maxInFlight()));
    assertTrue(cut.get() > CLIENTS, "too few answers were continued: " + cut);
    everMade.stream()
        .filter(made -> members.stream().noneMatch(member -> member == made))
        .forEach(gone -> Await.until(gone.name() + " is closed", gone::isClosed));
  }

  /**
   * The first backend stays healthy; the others are drained and resumed, and replaced by new ones.
   */
  private void changeMembers(List<Backend> members) {
    for (int step = 0; !isOver.get(); step++) {
      String second = members.get(1).name();
      pool.drain(second, step % 2 == 0);
      if (step % 5 == 4) {
        pool.drain(second, false);
        members.set(1 + step % 2, backend(0.3));
        pool.replace(List.copyOf(members));
      }
      LockSupport.parkNanos(CHANGE_EVERY_NANOS);
    }
    pool.drain(members.get(1).name(), false);
  }

  private void ask(int client) {
    for (int i = 0; i < ANSWERS_EACH; i++) {
      String question = client + "/" + i;
      boolean hangsUp = ThreadLocalRandom.current().nextInt(20) == 0;
      StringBuilder text = new StringBuilder();
      try {
        Completion completion =
            pool.generate(
                new Prompt("", question, question, List.of(), "en"),
                MAX_TOKENS,
                ManualTicker.far(),
                piece -> {
                  text.append(piece);
                  if (hangsUp) {
                    Thread.currentThread().interrupt();
                  }
                });
        assertEquals(ShakyBackend.textFor(question), text.toString());
        cut.addAndGet(completion.seams().size());
      } catch (ThrongException e) {
        // An answer may end early only if its client hangs up.
        assertEquals(Set.of(ErrorCode.SHUTTING_DOWN), Set.of(e.code()), e::getMessage);
        assertTrue(hangsUp, e::getMessage);
      }
      assertTrue(ShakyBackend.textFor(question).startsWith(text.toString()));
      Thread.interrupted();
    }
  }
}

package dev.throng.core;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.Await;
import dev.throng.fixtures.ManualTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class PlatformPoolTest {
  private final CountDownLatch gate = new CountDownLatch(1);

  /** Occupies a thread with a batch call until the gate opens. Returns when the call runs. */
  private CompletableFuture<Boolean> occupy(PlatformPool pool) {
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<Boolean> busy =
        pool.submit(
            Priority.BATCH,
            () -> {
              started.countDown();
              Await.latch(gate);
              return true;
            });
    Await.latch(started);
    return busy;
  }

  @Test
  void interactiveCallsRunBeforeBatches() {
    List<String> order = new CopyOnWriteArrayList<>();
    try (PlatformPool pool = new PlatformPool("test", 1, 10)) {
      var _ = occupy(pool);
      CompletableFuture<Boolean> batch = pool.submit(Priority.BATCH, () -> order.add("batch"));
      CompletableFuture<Boolean> interactive =
          pool.submit(Priority.INTERACTIVE, () -> order.add("interactive"));
      gate.countDown();
      Await.result(batch);
      Await.result(interactive);
    }
    assertEquals(List.of("interactive", "batch"), order);
  }

  @Test
  void fullQueueRefusesInteractiveCallsAndMakesBatchesWait() {
    try (PlatformPool pool = new PlatformPool("test", 1, 1)) {
      var _ = occupy(pool);
      var _ = pool.submit(Priority.INTERACTIVE, () -> 1);
      assertFails(
          ErrorCode.OVERLOADED, () -> pool.submit(Priority.INTERACTIVE, () -> 2), "limit 1");
      var _ = pool.submit(Priority.BATCH, () -> 3);
      CompletableFuture<Integer> late = new CompletableFuture<>();
      Thread waiter =
          Thread.ofVirtual()
              .start(() -> late.complete(Await.result(pool.submit(Priority.BATCH, () -> 4))));
      Await.until("the second batch waits", () -> waiter.getState() == Thread.State.WAITING);
      gate.countDown();
      assertEquals(4, Await.result(late));
    }
  }

  @Test
  void batchesUseAllThreadsWithoutInteractiveCalls() {
    try (PlatformPool pool = new PlatformPool("test", 2, 10)) {
      CompletableFuture<Boolean> first = occupy(pool);
      CompletableFuture<Boolean> second = occupy(pool); // returns when it runs
      gate.countDown();
      assertTrue(Await.result(first) && Await.result(second));
    }
  }

  @Test
  void batchesLeaveOneThreadFreeDuringInteractiveCalls() {
    ManualTicker ticker = new ManualTicker();
    try (PlatformPool pool = new PlatformPool("test", 2, 10, ticker)) {
      Await.result(pool.submit(Priority.INTERACTIVE, () -> 1));
      var _ = occupy(pool);
      CompletableFuture<Integer> batch = pool.submit(Priority.BATCH, () -> 2);
      for (int i = 0; i < 10; i++) {
        Await.result(pool.submit(Priority.INTERACTIVE, () -> 3)); // runs on the free thread
      }
      assertFalse(batch.isDone(), "a batch took the thread of the interactive calls");
      gate.countDown();
      assertEquals(2, Await.result(batch), "did not run on the thread for batches");
    }
  }

  @Test
  void batchesTakeTheLastThreadAfterAWhileWithoutInteractiveCalls() {
    ManualTicker ticker = new ManualTicker();
    try (PlatformPool pool = new PlatformPool("test", 2, 10, ticker)) {
      Await.result(pool.submit(Priority.INTERACTIVE, () -> 1));
      var _ = occupy(pool);
      ticker.advance(PlatformPool.KEPT_FREE);
      assertEquals(2, Await.result(pool.submit(Priority.BATCH, () -> 2)));
      gate.countDown();
    }
  }

  @Test
  void singleThreadIsNotKeptFree() {
    try (PlatformPool pool = new PlatformPool("test", 1, 10)) {
      Await.result(pool.submit(Priority.INTERACTIVE, () -> 1));
      assertEquals(2, Await.result(pool.submit(Priority.BATCH, () -> 2)));
    }
  }

  @Test
  void abandonedCallIsNotRun() {
    try (PlatformPool pool = new PlatformPool("test", 1, 10)) {
      CompletableFuture<Boolean> busy = occupy(pool);
      List<String> ran = new CopyOnWriteArrayList<>();
      Deadline passed = Deadline.after(new ManualTicker(), Duration.ZERO);
      assertFails(
          ErrorCode.DEADLINE_EXCEEDED,
          () -> pool.call(Priority.INTERACTIVE, passed, () -> ran.add("ran")));
      gate.countDown();
      Await.result(busy);
      assertTrue(pool.call(Priority.BATCH, ManualTicker.far(), ran::isEmpty));
    }
  }

  @Test
  void failureOfTheCallReachesTheCaller() {
    try (PlatformPool pool = new PlatformPool("test", 1, 10)) {
      assertFails(
          ErrorCode.STORE_FAILED,
          () ->
              pool.call(
                  Priority.BATCH,
                  ManualTicker.far(),
                  () -> {
                    throw new ThrongException(ErrorCode.STORE_FAILED, "disk");
                  }),
          "disk");
      assertEquals(
          1, pool.call(Priority.BATCH, ManualTicker.far(), () -> 1), "the thread still runs");
    }
  }

  @Test
  void closedPoolFinishesQueuedCallsAndAcceptsNoMore() {
    PlatformPool pool = new PlatformPool("test", 1, 10);
    var _ = occupy(pool);
    CompletableFuture<Integer> queued = pool.submit(Priority.BATCH, () -> 7);
    assertFalse(queued.isDone());
    gate.countDown();
    pool.close();
    assertEquals(7, queued.join());
    assertFails(ErrorCode.SHUTTING_DOWN, () -> pool.submit(Priority.BATCH, () -> 8));
  }
}

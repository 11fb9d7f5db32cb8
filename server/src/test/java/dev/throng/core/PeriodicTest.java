package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class PeriodicTest {
  @Test
  void failedRunIsFollowedByAnother() {
    CountDownLatch runs = new CountDownLatch(3);
    try (Periodic _ =
        Periodic.startNow(
            "test",
            Duration.ofMillis(1),
            () -> {
              runs.countDown();
              throw new IllegalStateException("a failure on purpose");
            })) {
      Await.latch(runs);
    }
  }

  @Test
  void closeInterruptsTheRun() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicReference<String> name = new AtomicReference<>("");
    Periodic periodic =
        Periodic.startNow(
            "worker",
            Duration.ofHours(1),
            () -> {
              name.set(Thread.currentThread().getName());
              started.countDown();
              try {
                Thread.sleep(Duration.ofHours(1));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                interrupted.countDown();
              }
            });
    Await.latch(started);
    periodic.close();
    Await.latch(interrupted);
    assertEquals("worker", name.get());
  }

  @Test
  void pauseDoublesUpToTheMaximumAndEndsWithSuccess() {
    Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(2));
    assertFalse(backoff.isFailing());
    assertEquals(Duration.ofMillis(500), backoff.failed());
    assertEquals(Duration.ofSeconds(1), backoff.failed());
    assertEquals(Duration.ofSeconds(2), backoff.failed());
    assertEquals(Duration.ofSeconds(2), backoff.failed());
    assertTrue(backoff.isFailing());
    backoff.succeeded();
    assertEquals(Duration.ZERO, backoff.pause());
  }
}

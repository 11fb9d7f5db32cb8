package dev.throng.admission;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.admission.Admission.Expected;
import dev.throng.admission.Admission.Permit;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.Queues;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static Permit admit(Admission admission, Deadline deadline) {
    return admission.admit(Queues.request(deadline), QueueListener.NONE);
  }

  @Test
  void permitClosedTwiceReleasesItsSlotOnce() {
    Admission admission = Queues.admission(10, LONG, () -> 2);
    Permit first = admit(admission, ManualTicker.far());
    try (Permit _ = admit(admission, ManualTicker.far())) {
      first.close();
      first.close();
      assertEquals(1, admission.running());
    }
    assertEquals(0, admission.running());
  }

  @Test
  void fullQueueRefusesImmediatelyWithARetryDelay() {
    Admission admission = Queues.admission(0, Duration.ofMinutes(1), () -> 1);
    try (Permit _ = admit(admission, ManualTicker.far())) {
      ThrongException refused =
          assertFails(ErrorCode.OVERLOADED, () -> admit(admission, ManualTicker.far()), "1 slots");
      assertTrue(refused.retryAfter().orElseThrow().isPositive());
      assertEquals(0, admission.waiting());
    }
  }

  /**
   * A generation is assumed to take 5 s at first, so a request with 1 s left need not wait at all.
   */
  @Test
  void requestThatCannotMeetItsDeadlineIsRefusedImmediately() {
    Admission admission = Queues.admission(10, LONG, () -> 1);
    Deadline soon = Deadline.after(new ManualTicker(), Duration.ofSeconds(1));
    try (Permit _ = admit(admission, soon)) {
      assertFails(ErrorCode.OVERLOADED, () -> admit(admission, soon));
    }
  }

  @Test
  void waitingRequestGetsTheReleasedSlot() {
    Admission admission = Queues.admission(10, LONG, () -> 1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Permit held = admit(admission, ManualTicker.far());
      Future<Boolean> waiting =
          threads.submit(() -> {
            try (Permit _ = admit(admission, ManualTicker.far())) {
              return admission.running() == 1;
            }
          });
      Await.until("one waits", () -> admission.waiting() == 1);
      held.close();
      assertTrue(Await.result(waiting));
    }
    assertEquals(0, admission.running());
    assertEquals(0, admission.waiting());
  }

  @Test
  void interruptedRequestLeavesTheQueue() {
    Admission admission = Queues.admission(10, LONG, () -> 1);
    try (Permit _ = admit(admission, ManualTicker.far())) {
      CompletableFuture<ErrorCode> ended = new CompletableFuture<>();
      Thread waiting =
          Thread.ofVirtual()
              .start(() -> {
                try (Permit _ = admit(admission, ManualTicker.far())) {
                  ended.completeExceptionally(new AssertionError("admitted"));
                } catch (ThrongException e) {
                  ended.complete(e.code());
                }
              });
      Await.until("one waits", () -> admission.waiting() == 1);
      waiting.interrupt();
      assertEquals(ErrorCode.SHUTTING_DOWN, Await.result(ended));
      assertEquals(0, admission.waiting());
    }
  }

  @Test
  void waitEndsAtTheMaximumWait() {
    Admission admission = Queues.admission(10, Duration.ofMillis(30), () -> 100);
    Permit[] held = new Permit[100];
    for (int i = 0; i < held.length; i++) {
      held[i] = admit(admission, Deadline.after(Ticker.system(), Duration.ofMinutes(1)));
    }
    assertFails(ErrorCode.OVERLOADED, () -> admit(admission, ManualTicker.far()));
    for (Permit permit : held) {
      permit.close();
    }
    assertEquals(0, admission.running());
  }

  @Test
  void newSlotGoesToTheWaitingRequest() {
    AtomicInteger slots = new AtomicInteger();
    Admission admission = Queues.admission(10, LONG, slots::get);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> waiting =
          threads.submit(() -> {
            try (Permit _ = admit(admission, ManualTicker.far())) {
              return true;
            }
          });
      Await.until("one waits", () -> admission.waiting() == 1);
      slots.set(1);
      admission.capacityChanged();
      assertTrue(Await.result(waiting));
    }
  }

  @Test
  void waitingRequestLearnsItsPositionImmediatelyAndWhenItChanges() {
    Admission admission = Queues.admission(10, LONG, () -> 1);
    Queue<Integer> positions = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Permit held = admit(admission, ManualTicker.far());
      CountDownLatch release = new CountDownLatch(1);
      Future<Boolean> first =
          threads.submit(() -> {
            try (Permit _ = admit(admission, ManualTicker.far())) {
              release.await();
              return true;
            }
          });
      Await.until("one waits", () -> admission.waiting() == 1);
      Future<Boolean> second =
          threads.submit(() -> {
            try (Permit _ =
                admission.admit(
                    Queues.request(ManualTicker.far()), place -> positions.add(place.position()))) {
              return true;
            }
          });
      Await.until("the second learns its position", () -> positions.contains(2));
      held.close();
      Await.until("it moves up", () -> positions.contains(1));
      release.countDown();
      assertTrue(Await.result(first));
      assertTrue(Await.result(second));
    }
    assertEquals(List.of(2, 1), List.copyOf(positions));
  }

  @Test
  void limitCheckTakesNoSlotAndRefusesLikeTheRequestItself() {
    Admission admission = Queues.admission(0, LONG, () -> 1);
    try (Permit _ = admit(admission, ManualTicker.far())) {
      assertFails(ErrorCode.OVERLOADED, () -> admission.expect(Queues.request(ManualTicker.far())));
      assertEquals(1, admission.running());
    }
    try (Expected expected = admission.expect(Queues.request(ManualTicker.far()))) {
      assertTrue(expected.isWorthwhile());
      try (Permit _ = admit(admission, ManualTicker.far())) {
        assertFalse(expected.isWorthwhile());
      }
    }
  }
}

package dev.throng.admission;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.admission.Admission.Permit;
import dev.throng.config.AdmissionConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ManualTicker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private static final AdmissionConfig ROOMY = new AdmissionConfig(10, Duration.ofMinutes(1));

  @Test
  void permitClosedTwiceGivesItsSlotBackOnce() {
    Admission admission = new Admission(ROOMY, 2);
    Permit first = admission.admit(ManualTicker.far());
    try (Permit _ = admission.admit(ManualTicker.far())) {
      first.close();
      first.close();
      assertEquals(1, admission.running());
    }
    assertEquals(0, admission.running());
  }

  @Test
  void fullRoomRefusesAtOnceAndSaysWhenToComeBack() {
    Admission admission = new Admission(new AdmissionConfig(0, Duration.ofMinutes(1)), 1);
    try (Permit _ = admission.admit(ManualTicker.far())) {
      ThrongException refused =
          assertFails(ErrorCode.OVERLOADED, () -> admission.admit(ManualTicker.far()), "1 slots");
      assertTrue(refused.retryAfter().orElseThrow().isPositive());
      assertEquals(0, admission.waiting());
    }
  }

  /** Generations are guessed to take 5 s at first, so one with 1 s left need not wait at all. */
  @Test
  void whoCannotBeServedBeforeItsDeadlineIsRefusedAtOnce() {
    Admission admission = new Admission(ROOMY, 1);
    Deadline soon = Deadline.after(new ManualTicker(), Duration.ofSeconds(1));
    try (Permit _ = admission.admit(soon)) {
      assertFails(ErrorCode.OVERLOADED, () -> admission.admit(soon));
    }
  }

  @Test
  void waitingOneGetsTheSlotThatIsGivenBack() {
    Admission admission = new Admission(ROOMY, 1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Permit held = admission.admit(ManualTicker.far());
      Future<Boolean> waiting =
          threads.submit(() -> {
            try (Permit _ = admission.admit(ManualTicker.far())) {
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
  void interruptedWaitLeavesTheRoom() {
    Admission admission = new Admission(ROOMY, 1);
    try (Permit _ = admission.admit(ManualTicker.far())) {
      CompletableFuture<ErrorCode> ended = new CompletableFuture<>();
      Thread waiting =
          Thread.ofVirtual()
              .start(() -> {
                try (Permit _ = admission.admit(ManualTicker.far())) {
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
  void waitEndsWithTheLongestWait() {
    Admission admission = new Admission(new AdmissionConfig(10, Duration.ofMillis(30)), 100);
    Permit[] held = new Permit[100];
    for (int i = 0; i < held.length; i++) {
      held[i] = admission.admit(Deadline.after(Ticker.system(), Duration.ofMinutes(1)));
    }
    assertFails(ErrorCode.OVERLOADED, () -> admission.admit(ManualTicker.far()));
    for (Permit permit : held) {
      permit.close();
    }
    assertEquals(0, admission.running());
  }
}

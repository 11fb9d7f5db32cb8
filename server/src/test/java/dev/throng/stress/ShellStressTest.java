package dev.throng.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.admission.Admission;
import dev.throng.admission.Admission.Permit;
import dev.throng.admission.AdmissionRequest;
import dev.throng.admission.QueueListener;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Hash;
import dev.throng.core.Priority;
import dev.throng.core.QuestionKey;
import dev.throng.core.TextPiece;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.Queues;
import dev.throng.flight.SharedText;
import dev.throng.flight.SharedText.Update;
import dev.throng.flight.SingleFlight;
import dev.throng.flight.SingleFlight.Joined;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class ShellStressTest {
  private static final int THREADS = 64;
  private static final int ROUNDS = 300;

  private static <T> List<T> together(int threads, Callable<T> body) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> pending = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        pending.add(executor.submit(body));
      }
      return pending.stream().map(Await::result).toList();
    }
  }

  @Test
  void permitsNeverExceedSlotsAndNoneLeaks() {
    int slots = 3;
    Admission admission = Queues.admission(40, Duration.ofMinutes(1), () -> slots);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    together(
        THREADS,
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            try (Permit _ = admission.admit(request(), QueueListener.NONE)) {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              LockSupport.parkNanos(1_000);
              running.decrementAndGet();
            } catch (ThrongException e) {
              refused.incrementAndGet();
            }
          }
          return true;
        });
    assertTrue(most.get() <= slots, "simultaneous permits: " + most);
    assertEquals(0, admission.running());
    assertEquals(0, admission.waiting());
    assertTrue(refused.get() < THREADS * ROUNDS, "no request was admitted");
  }

  /** A request of one of five tenants. */
  private static AdmissionRequest request() {
    String tenant = "tenant" + ThreadLocalRandom.current().nextInt(5);
    Priority priority =
        ThreadLocalRandom.current().nextInt(4) == 0 ? Priority.BATCH : Priority.INTERACTIVE;
    return new AdmissionRequest(tenant, priority, ManualTicker.far());
  }

  /**
   * Slots appear and vanish, waits are cut short: all permits return, and no request waits forever.
   */
  @Test
  void interruptsAndChangingSlotsLoseNoPermit() {
    AtomicInteger slots = new AtomicInteger(3);
    Admission admission = Queues.admission(40, Duration.ofMinutes(1), slots::get);
    together(
        THREADS,
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            if (round % 10 == 0) {
              slots.set(1 + ThreadLocalRandom.current().nextInt(4));
              admission.capacityChanged();
            }
            if (round % 7 == 0) {
              Thread.currentThread().interrupt();
            }
            try (Permit _ = admission.admit(request(), QueueListener.NONE)) {
              LockSupport.parkNanos(1_000);
            } catch (ThrongException e) {
              LockSupport.parkNanos(1_000);
            }
            Thread.interrupted();
          }
          return true;
        });
    assertEquals(0, admission.running());
    assertEquals(0, admission.waiting());
  }

  @Test
  void everyReaderReceivesTheWholeTextInOrder() {
    SharedText text = new SharedText();
    String whole =
        String.join("", java.util.stream.IntStream.range(0, 3_000).mapToObj(i -> i + " ").toList());
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<String>> readers = executor.submit(() -> together(THREADS, () -> read(text)));
      int end = 0;
      for (String word : whole.split("(?<= )", -1)) {
        end += word.length();
        text.append(new TextPiece(word, end));
        if (end % 7 == 0) {
          LockSupport.parkNanos(1_000);
        }
      }
      text.finish(
          new Answer(
              "a", whole, "g", "m", FinishReason.STOP, Map.of(), 0, TokenCount.NONE, List.of()));
      assertEquals(Set.of(whole), Set.copyOf(Await.result(readers)));
    }
  }

  private static String read(SharedText text) throws InterruptedException {
    StringBuilder read = new StringBuilder();
    int pieces = 0;
    while (true) {
      Update update = text.awaitUpdate(pieces, ThreadLocalRandom.current().nextLong(1_000_000));
      pieces += update.pieces().size();
      update.pieces().forEach(piece -> read.append(piece.text()));
      if (update.answer() != null) {
        return read.toString();
      }
    }
  }

  /** Of all clients that join a flight, exactly one leads, and exactly one leaves last. */
  @Test
  void eachFlightHasOneLeaderAndOneLastListener() {
    SingleFlight<Object> flights = new SingleFlight<>();
    QuestionKey key = new QuestionKey(Hash.of(new byte[] {1}));
    AtomicInteger leaders = new AtomicInteger();
    AtomicInteger last = new AtomicInteger();
    together(
        THREADS,
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            Joined<Object> joined = flights.join(key, 1, Object::new);
            if (joined.isLeader()) {
              leaders.incrementAndGet();
            }
            LockSupport.parkNanos(1_000);
            if (flights.leave(joined.flight())) {
              last.incrementAndGet();
            }
          }
          return true;
        });
    assertEquals(leaders.get(), last.get());
    assertEquals(0, flights.size());
  }
}

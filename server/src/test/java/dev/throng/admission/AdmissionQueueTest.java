package dev.throng.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.admission.Refusal.Reason;
import dev.throng.admission.Ticket.State;
import dev.throng.core.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AdmissionQueueTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long LONG = 3600 * SECOND;

  private int slots = 1;
  private long now;
  private AdmissionQueue queue = queue(100, Map.of());

  private AdmissionQueue queue(int maxWaiting, Map<String, Integer> weights) {
    return new AdmissionQueue(
        new QueueLimits(
            "generation",
            maxWaiting,
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            weights,
            Duration.ofSeconds(1)),
        () -> slots);
  }

  private Ticket ask(String tenant) {
    return ask(tenant, Priority.INTERACTIVE, LONG);
  }

  private Ticket ask(String tenant, Priority priority, long waitNanos) {
    return queue.arrive(tenant, priority, waitNanos, now, () -> {});
  }

  /** Ends the running requests one after the other, and records which request follows each. */
  private List<Ticket> order(Ticket running, List<Ticket> waiting) {
    List<Ticket> order = new ArrayList<>();
    List<Ticket> left = new ArrayList<>(waiting);
    Ticket current = running;
    while (!left.isEmpty()) {
      now += SECOND;
      queue.end(current, now);
      current = left.stream().filter(t -> t.state() == State.RUNNING).findFirst().orElseThrow();
      left.remove(current);
      order.add(current);
    }
    return order;
  }

  private static Reason reason(Ticket ticket) {
    Refusal refusal = ticket.refusal();
    assertNotNull(refusal);
    return refusal.reason();
  }

  @Test
  void tenantIsServedInItsOrderAndTakesTurnsWithOthers() {
    Ticket running = ask("a");
    Ticket a1 = ask("a");
    Ticket a2 = ask("a");
    Ticket a3 = ask("a");
    Ticket b1 = ask("b");
    assertEquals(List.of(b1, a1, a2, a3), order(running, List.of(a1, a2, a3, b1)));
  }

  @Test
  void heavierTenantIsServedMoreOftenButNotInARow() {
    queue = queue(100, Map.of("a", 2));
    Ticket running = ask("c");
    List<Ticket> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiting.add(ask("a"));
    }
    for (int i = 0; i < 2; i++) {
      waiting.add(ask("b"));
    }
    List<String> tenants = order(running, waiting).stream().map(Ticket::tenant).toList();
    assertEquals(2, tenants.subList(0, 3).stream().filter("a"::equals).count(), tenants.toString());
    assertEquals(2, tenants.subList(3, 6).stream().filter("a"::equals).count(), tenants.toString());
  }

  @Test
  void batchRequestsYieldToInteractiveOnesAndNeverStarve() {
    Ticket running = ask("a");
    Ticket batch = ask("a", Priority.BATCH, LONG);
    Ticket soon = ask("a");
    assertEquals(List.of(soon, batch), order(running, List.of(batch, soon)));
    queue.end(batch, now);

    running = ask("a");
    List<Ticket> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(ask("a", Priority.BATCH, LONG));
    }
    now += 31 * SECOND;
    for (int i = 0; i < 12; i++) {
      waiting.add(ask("a"));
    }
    List<Ticket> order = order(running, waiting);
    for (int i = 0; i < 12; i += 4) {
      long batches =
          order.subList(i, i + 4).stream().filter(t -> t.priority() == Priority.BATCH).count();
      assertEquals(1, batches, "one of four");
    }
  }

  @Test
  void nothingRunsWithoutSlotsAndNewSlotsGoToWaitingRequests() {
    slots = 0;
    Ticket first = ask("a");
    Ticket second = ask("a");
    assertEquals(State.WAITING, first.state());
    assertEquals(Reason.TOO_LATE, reason(ask("a", Priority.INTERACTIVE, SECOND / 2)));
    slots = 1;
    queue.capacityChanged(now);
    assertEquals(State.RUNNING, first.state());
    assertEquals(State.WAITING, second.state());
    slots = 0;
    queue.end(first, now);
    assertEquals(State.WAITING, second.state());
    assertEquals(0, queue.running());
  }

  @Test
  void expiredTicketNeverGetsAPermit() {
    Ticket running = ask("a");
    Ticket shortOne = ask("a", Priority.INTERACTIVE, 2 * SECOND);
    Ticket longOne = ask("a");
    now += 3 * SECOND;
    queue.end(running, now);
    assertEquals(Reason.EXPIRED, reason(shortOne));
    assertEquals(State.RUNNING, longOne.state());
    queue.end(shortOne, now); // has no effect
    assertEquals(1, queue.running());
  }

  @Test
  void tenantHasItsShareOfTheQueueAndTheLastPlacesAreForOthers() {
    queue = queue(80, Map.of());
    ask("a");
    int admitted = 0;
    while (ask("a").state() == State.WAITING) {
      admitted++;
    }
    assertEquals(70, admitted);
    assertEquals(Reason.SHARE, reason(ask("a")));
    int others = 0;
    while (ask("b").state() == State.WAITING) {
      others++;
    }
    assertEquals(10, others);
    assertEquals(Reason.FULL, reason(ask("c")));
  }

  @Test
  void queuePositionCountsOnlyRequestsOfTheSameTenant() {
    slots = 2;
    ask("a");
    ask("a");
    List<Ticket> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(ask("a"));
    }
    Ticket other = ask("b");
    assertTrue(queue.place(other, now).position() <= 2);
    assertTrue(queue.place(other, now).estimatedWait().compareTo(Duration.ofSeconds(1)) <= 0);
    assertEquals(21, queue.place(many.getLast(), now).position());
    assertTrue(
        queue.place(many.getLast(), now).estimatedWait().compareTo(Duration.ofSeconds(10)) > 0);
  }

  @Test
  void limitsCheckedInAdvanceMatchTheLimitsOnEntry() {
    assertNull(queue.wouldRefuse("a", Priority.INTERACTIVE, 0, now));
    ask("a");
    assertNotNull(queue.wouldRefuse("a", Priority.INTERACTIVE, SECOND / 2, now));
    assertNull(queue.wouldRefuse("a", Priority.INTERACTIVE, 2 * SECOND, now));
    assertEquals(1, queue.tenants(), "the check leaves no trace");
  }

  @Test
  void tenantsWithoutRequestsAreForgotten() {
    for (int i = 0; i < 50; i++) {
      queue.end(ask("t" + i), now);
    }
    assertEquals(50, queue.tenants());
    now += 11 * SECOND;
    for (int i = 0; i < 4; i++) {
      queue.end(ask("new"), now);
    }
    assertEquals(1, queue.tenants());
  }

  private void useRecoveryWait(int seconds) {
    queue =
        new AdmissionQueue(
            new QueueLimits(
                "generation",
                100,
                Duration.ofHours(1),
                Duration.ofSeconds(30),
                Map.of(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(seconds)),
            () -> slots);
  }

  private Ticket askedAt(long askedNanos) {
    return queue.arrive("a", Priority.INTERACTIVE, LONG, askedNanos, now, () -> {});
  }

  @Test
  void withoutSlotsARequestWaitsAtMostTheRecoveryTimeFromItsArrival() {
    useRecoveryWait(2);
    slots = 0;
    queue.capacityChanged(now);
    now += 10 * SECOND;
    Ticket fresh = ask("a");
    Ticket earlier = askedAt(now - SECOND);
    assertEquals(2 * SECOND, queue.patienceNanos(fresh, now));
    assertEquals(SECOND, queue.patienceNanos(earlier, now));
    assertEquals(Reason.OUTAGE, reason(askedAt(now - 2 * SECOND)));
    now += SECOND;
    queue.expire(earlier, now);
    assertEquals(Reason.OUTAGE, reason(earlier));
    slots = 1;
    queue.capacityChanged(now);
    assertEquals(State.RUNNING, fresh.state());
  }

  @Test
  void requestsWaitingAtTheStartOfAnOutageGetTheRecoveryTimeFromThere() {
    useRecoveryWait(2);
    Ticket running = ask("a");
    Ticket waiting = ask("a");
    now += 5 * SECOND;
    slots = 0;
    queue.capacityChanged(now);
    assertEquals(2 * SECOND, queue.patienceNanos(waiting, now));
    queue.end(running, now);
    assertEquals(State.WAITING, waiting.state());
    slots = 1;
    now += SECOND;
    queue.capacityChanged(now);
    assertEquals(State.RUNNING, waiting.state());
    assertEquals(LONG - 6 * SECOND, queue.patienceNanos(waiting, now));
  }

  @Test
  void requestThatWouldMissItsDeadlineIsNotExpected() {
    for (int i = 0; i < 200; i++) { // each generation takes this long
      Ticket measured = ask("a");
      now += 2 * SECOND;
      queue.end(measured, now);
    }
    ask("a");
    assertNull(queue.expect("a", Priority.INTERACTIVE, 5 * SECOND, now));
    assertNull(queue.expect("a", Priority.INTERACTIVE, 5 * SECOND, now));
    assertNotNull(queue.expect("a", Priority.INTERACTIVE, 5 * SECOND, now));
    queue.ceaseToExpect("a");
    assertNull(queue.expect("a", Priority.INTERACTIVE, 5 * SECOND, now));
  }
}

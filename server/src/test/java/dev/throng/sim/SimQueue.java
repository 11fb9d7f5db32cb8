package dev.throng.sim;

import static dev.throng.sim.Simulation.check;

import dev.throng.admission.AdmissionQueue;
import dev.throng.admission.Ticket;
import dev.throng.core.Priority;
import dev.throng.fixtures.Queues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The admission queue, with slots that appear and vanish, and all its invariants. */
final class SimQueue {
  private static final int PLACES = 6;
  private static final int MAX_SLOTS = 5;
  private static final Duration RECOVERY_WAIT = Duration.ofMillis(100);
  private static final Duration MAX_WAIT = Duration.ofMillis(400);

  private record Line(String tenant, Priority priority) {}

  /** What the simulation knows of a ticket, in addition to the ticket itself. */
  private static final class Stub {
    private final int number;
    private final long expiresNanos;
    private int decisions;
    private @Nullable Ticket ticket;

    Stub(int number, long expiresNanos) {
      this.number = number;
      this.expiresNanos = expiresNanos;
    }
  }

  private final Simulation sim;
  private final AdmissionQueue queue;
  private final Map<Ticket, Stub> tickets = new LinkedHashMap<>();
  private final Map<Line, Integer> lastStarted = new HashMap<>();
  private final List<Stub> decided = new ArrayList<>();
  private int slots = 2;

  SimQueue(Simulation sim) {
    this.sim = sim;
    // The queue assumes 5 s per generation at first; here they take milliseconds, which it soon
    // learns.
    this.queue =
        new AdmissionQueue(
            Queues.limits(PLACES, MAX_WAIT, Duration.ofMillis(20), RECOVERY_WAIT), this::slots);
  }

  private int slots() {
    return slots;
  }

  Ticket arrive(int tenant) {
    Priority priority = sim.random().nextInt(4) == 0 ? Priority.BATCH : Priority.INTERACTIVE;
    long waitNanos = Duration.ofMillis(50 + sim.random().nextInt(600)).toNanos();
    long patience = Math.min(waitNanos, MAX_WAIT.toNanos());
    Stub stub = new Stub(tickets.size(), sim.nanos() + patience);
    Ticket ticket =
        queue.arrive(
            "tenant" + tenant,
            priority,
            waitNanos,
            sim.nanos(),
            () -> {
              stub.decisions++;
              decided.add(stub);
            });
    stub.ticket = ticket;
    tickets.put(ticket, stub);
    checkDecisions();
    return ticket;
  }

  void expireIfDue(Ticket ticket) {
    Stub stub = stub(ticket);
    boolean isOver = queue.patienceNanos(ticket, sim.nanos()) <= 0; // sooner in an outage
    check(isOver || sim.nanos() - stub.expiresNanos < 0, "waits for too long", stub.number);
    if (isOver) {
      queue.expire(ticket, sim.nanos());
    }
    checkDecisions();
  }

  /** May be called repeatedly: a permit is released once. */
  void end(Ticket ticket) {
    queue.end(ticket, sim.nanos());
    if (sim.random().nextInt(8) == 0) {
      queue.end(ticket, sim.nanos());
    }
    checkDecisions();
  }

  void changeCapacity() {
    slots = sim.random().nextInt(MAX_SLOTS + 1);
    queue.capacityChanged(sim.nanos());
    checkDecisions();
  }

  /** Provides slots from now on, so that every request gets an outcome. */
  void open() {
    slots = MAX_SLOTS;
    queue.capacityChanged(sim.nanos());
    checkDecisions();
  }

  /** Checks the decisions of the last event; the slots do not change within an event. */
  private void checkDecisions() {
    for (Stub stub : decided) {
      Ticket ticket = stub.ticket;
      check(stub.decisions == 1, "decided twice", stub.number);
      if (ticket != null && ticket.state() == Ticket.State.RUNNING) {
        Line line = new Line(ticket.tenant(), ticket.priority());
        int last = lastStarted.getOrDefault(line, -1);
        check(queue.running() <= slots, "more permits than slots", queue.running());
        check(stub.expiresNanos - sim.nanos() > 0, "a permit for a request that gave up", line);
        check(stub.number > last, "overtook a request of its own tenant and class", line);
        lastStarted.put(line, stub.number);
      }
    }
    decided.clear();
  }

  void checkAlways(long holding) {
    check(queue.running() == holding, "permit count is wrong", queue.running());
    check(queue.waiting() <= PLACES, "more requests wait than there are places", queue.waiting());
    long waiting = tickets.keySet().stream().filter(t -> t.state() == Ticket.State.WAITING).count();
    check(queue.waiting() == waiting, "waiting count is wrong", queue.waiting());
  }

  void checkAtEnd() {
    check(queue.running() == 0, "permits leaked", queue.running());
    check(queue.waiting() == 0, "a request is left in the queue", queue.waiting());
    tickets.forEach((ticket, stub) -> {
      boolean hasEnded =
          ticket.state() == Ticket.State.ENDED || ticket.state() == Ticket.State.REFUSED;
      check(hasEnded && stub.decisions <= 1, "a ticket without an outcome", ticket.state());
    });
  }

  private Stub stub(Ticket ticket) {
    Stub stub = tickets.get(ticket);
    if (stub == null) {
      throw new IllegalStateException("not of this queue");
    }
    return stub;
  }
}

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

/** The waiting room, with slots that come and go, and everything that must hold of it. */
final class SimRoom {
  private static final int PLACES = 6;
  private static final int MAX_SLOTS = 5;
  private static final Duration RECOVERY_WAIT = Duration.ofMillis(100);
  private static final Duration MAX_WAIT = Duration.ofMillis(400);

  private record Line(String tenant, Priority priority) {}

  /** What the simulation knows of a ticket besides the ticket. */
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

  SimRoom(Simulation sim) {
    this.sim = sim;
    // Generations are guessed to take 5 s; here they take milliseconds, as the room soon learns.
    this.queue =
        new AdmissionQueue(
            Queues.room(PLACES, MAX_WAIT, Duration.ofMillis(20), RECOVERY_WAIT), this::slots);
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

  /** May be asked for again: a permit comes back once. */
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

  /** There are slots from now on, so that everybody comes to an end. */
  void open() {
    slots = MAX_SLOTS;
    queue.capacityChanged(sim.nanos());
    checkDecisions();
  }

  /** What the last event decided; a slot does not change within an event. */
  private void checkDecisions() {
    for (Stub stub : decided) {
      Ticket ticket = stub.ticket;
      check(stub.decisions == 1, "decided twice", stub.number);
      if (ticket != null && ticket.state() == Ticket.State.RUNNING) {
        Line line = new Line(ticket.tenant(), ticket.priority());
        int last = lastStarted.getOrDefault(line, -1);
        check(queue.running() <= slots, "a permit beyond the slots", queue.running());
        check(stub.expiresNanos - sim.nanos() > 0, "a permit for who gave up", line);
        check(stub.number > last, "passed one of its own tenant and class", line);
        lastStarted.put(line, stub.number);
      }
    }
    decided.clear();
  }

  void checkAlways(long holding) {
    check(queue.running() == holding, "permits out of step", queue.running());
    check(queue.waiting() <= PLACES, "more wait than there are places", queue.waiting());
    long waiting = tickets.keySet().stream().filter(t -> t.state() == Ticket.State.WAITING).count();
    check(queue.waiting() == waiting, "waiting out of step", queue.waiting());
  }

  void checkAtEnd() {
    check(queue.running() == 0, "permits leaked", queue.running());
    check(queue.waiting() == 0, "a request is left in the queue", queue.waiting());
    tickets.forEach((ticket, stub) -> {
      boolean hasEnded =
          ticket.state() == Ticket.State.ENDED || ticket.state() == Ticket.State.REFUSED;
      check(hasEnded && stub.decisions <= 1, "a ticket without an end", ticket.state());
    });
  }

  private Stub stub(Ticket ticket) {
    Stub stub = tickets.get(ticket);
    if (stub == null) {
      throw new IllegalStateException("not of this room");
    }
    return stub;
  }
}

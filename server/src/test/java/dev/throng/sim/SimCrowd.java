package dev.throng.sim;

import static dev.throng.sim.PoolSimulation.check;

import dev.throng.admission.AdmissionQueue;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.Outcome;
import dev.throng.core.QuestionKey;
import dev.throng.fixtures.Queues;
import dev.throng.flight.SingleFlight;
import dev.throng.flight.SingleFlight.Joined;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A crowd in front of the pool, admitted as {@code AnswerService} does it. Clients with the same
 * question share a flight, and flights with the same prompt share a generation. A generation waits
 * for a permit, and there are as many permits as the pool has slots. Nothing is cached, so that
 * there are many generations.
 */
final class SimCrowd implements Workload {
  static final Duration MAX_WAIT = Duration.ofSeconds(3);
  private static final int BURSTS = 4;
  private static final int CLIENTS_A_BURST = 12;
  private static final int CLIENTS = BURSTS * CLIENTS_A_BURST;
  private static final double BURST_NANOS = 500e6;
  private static final int QUESTIONS = 16;
  private static final int QUESTIONS_A_PROMPT = 2;
  private static final int TENANTS = 3;
  private static final int PLACES = 4;

  /** From this many slots on, some may stay free for others (docs/decisions/0012-admission.md). */
  private static final int RESERVING = 4;

  private final PoolSimulation sim;
  private final SingleFlight<CrowdFlight> flights = new SingleFlight<>();
  private final AdmissionQueue queue;
  private final List<CrowdFlight> underWay = new ArrayList<>();
  private final List<CrowdClient> clients = new ArrayList<>();
  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
  private int capacity;
  private int ended;

  SimCrowd(PoolSimulation sim) {
    this.sim = sim;
    this.queue =
        new AdmissionQueue(
            Queues.limits(PLACES, MAX_WAIT, Duration.ofMillis(500)),
            () -> sim.pool().capacity(sim.nowNanos()));
  }

  @Override
  public Duration horizon() {
    return Duration.ofSeconds(5);
  }

  @Override
  public void plan() {
    for (int i = 0; i < BURSTS; i++) {
      sim.sometime(this::burst);
    }
  }

  private void burst() {
    for (int i = 0; i < CLIENTS_A_BURST; i++) {
      sim.after((long) (sim.random().nextDouble() * BURST_NANOS), this::ask);
    }
  }

  private void ask() {
    int question = sim.random().nextInt(QUESTIONS);
    int tenant = sim.random().nextInt(TENANTS);
    QuestionKey key = new QuestionKey(new Hash.Builder().add(question).build());
    Joined<CrowdFlight> joined =
        flights.join(
            key, 0, () -> new CrowdFlight(this, question / QUESTIONS_A_PROMPT, "t" + tenant));
    CrowdClient client = new CrowdClient(this, joined.flight(), joined.isLeader());
    clients.add(client);
    if (joined.isLeader()) {
      underWay.add(joined.flight());
      joined.flight().start();
    }
    client.listen();
  }

  /** The pool reports when slots appeared or vanished, and the queue decides who gets them. */
  @Override
  public void afterEvent() {
    int now = sim.pool().capacity(sim.nowNanos());
    if (now != capacity) {
      capacity = now;
      queue.capacityChanged(sim.nowNanos());
    }
    underWay.removeIf(CrowdFlight::isOver);
    checkAlways();
  }

  private void checkAlways() {
    int permits = 0;
    BitSet generated = new BitSet();
    for (CrowdFlight flight : underWay) {
      permits += flight.holdsPermit() ? 1 : 0;
      if (flight.isGenerating()) {
        check(!generated.get(flight.prompt()), "two generations of one prompt", flight);
        generated.set(flight.prompt());
      }
    }
    check(queue.running() == permits, "permit count is wrong", queue.running());
    boolean isServed = queue.waiting() == 0 || queue.running() >= capacity || capacity >= RESERVING;
    check(isServed, "a slot is free although a request waits", capacity);
    check(queue.waiting() <= PLACES, "more requests wait than there are places", queue.waiting());
    check(flights.size() == underWay.size(), "flight count is wrong", flights.size());
  }

  @Override
  public boolean isBusy() {
    return !underWay.isEmpty();
  }

  @Override
  public void checkAtEnd() {
    check(clients.size() == CLIENTS && ended == CLIENTS, "clients without an outcome", ended);
    check(underWay.isEmpty() && flights.size() == 0, "flights leaked", underWay);
    check(queue.running() == 0, "permits leaked", queue.running());
    check(queue.waiting() == 0, "a request is left in the queue", queue.waiting());
  }

  void leave(CrowdFlight flight) {
    if (flights.leave(flight)) {
      flight.cancel();
    }
  }

  void ended(Outcome outcome) {
    ended++;
    outcomes.merge(outcome, 1, Integer::sum);
  }

  /** The outcomes of the requests, so that a test can verify that every path was taken. */
  Map<Outcome, Integer> outcomes() {
    return outcomes;
  }

  static Fingerprint fingerprint(int prompt) {
    return new Fingerprint(new Hash.Builder().add(prompt).build());
  }

  PoolSimulation sim() {
    return sim;
  }

  SingleFlight<CrowdFlight> flights() {
    return flights;
  }

  AdmissionQueue queue() {
    return queue;
  }
}

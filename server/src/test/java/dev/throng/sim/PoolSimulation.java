package dev.throng.sim;

import dev.throng.backend.pool.CallEnd;
import dev.throng.backend.pool.Need;
import dev.throng.backend.pool.PoolState;
import dev.throng.backend.pool.PoolState.Spec;
import dev.throng.backend.pool.PoolState.View;
import dev.throng.backend.pool.Slot;
import dev.throng.config.RoutingPolicy;
import dev.throng.fixtures.Configs;
import dev.throng.sim.SimBackend.Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One run of a pool in virtual time, with a workload. Backends crash, hang, break, slow down and
 * recover, except one, which stays healthy. After every event, all invariants are checked.
 */
final class PoolSimulation {
  private static final Need ANY = new Need(0, 0, Set.of(), Set.of());
  private static final int FAULTS = 8;
  private static final long TICK_NANOS = Duration.ofMillis(50).toNanos();
  private static final int MAX_EVENTS = 200_000;

  private record Event(long atNanos, long number, Runnable work) {}

  private final Workload workload;
  private final RandomGenerator random;
  private final PoolState pool;
  private final List<SimBackend> backends = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));
  private final Deque<SimAnswer> waiting = new ArrayDeque<>();
  private final List<Slot> held = new ArrayList<>();
  private final int healthy;
  private long nowNanos;
  private long eventCount;
  private long scheduled;
  private int open;
  private int hedges;
  private int continuations;

  PoolSimulation(long seed, Function<PoolSimulation, Workload> workload) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    RoutingPolicy policy = oneOf(List.of(RoutingPolicy.values()));
    int count = 2 + random.nextInt(3);
    List<Spec> specs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int slots = 1 + random.nextInt(3);
      backends.add(new SimBackend(i, slots, 5 << random.nextInt(3)));
      specs.add(new Spec("b" + i, 1, slots));
    }
    this.healthy = random.nextInt(count);
    this.pool =
        new PoolState(
            Configs.with(
                    "pool.policy",
                    policy.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    "pool.hedge_share",
                    "0.3",
                    "pool.slow_start",
                    "1s")
                .pool(),
            specs,
            random);
    this.workload = workload.apply(this);
  }

  /**
   * Runs to the end.
   *
   * @return a digest of the events, which is the same for the same seed
   */
  long run() {
    workload.plan();
    for (int i = 0; i < FAULTS; i++) {
      sometime(this::breakOne);
    }
    after(0, this::tick);
    while (!events.isEmpty()) {
      Event event = events.remove();
      nowNanos = event.atNanos();
      event.work().run();
      workload.afterEvent();
      checkAll();
      check(++eventCount < MAX_EVENTS, "the simulation does not end", this);
    }
    check(open == 0, "answers without an end: " + open, this);
    check(held.isEmpty(), "slots leaked: " + held.size(), this);
    workload.checkAtEnd();
    return eventCount * 31 + nowNanos;
  }

  void begin(SimAnswer answer) {
    open++;
    await(answer);
  }

  private void breakOne() {
    SimBackend victim = backends.get(random.nextInt(backends.size()));
    if (victim.index() == healthy || victim.fault() != Fault.NONE) {
      return;
    }
    victim.fault(oneOf(List.of(Fault.DOWN, Fault.HUNG, Fault.BROKEN, Fault.SLOW)));
    after((long) (random.nextDouble() * 4e9), () -> victim.fault(Fault.NONE));
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** The work of the pool's own thread. */
  private void tick() {
    for (Slot slot : pool.dueProbes(nowNanos)) {
      held.add(slot);
      new SimCall(this, slot, new SimAnswer(this, 0, isWhole -> {}), SimAnswer.textOf(0)).start();
    }
    serve();
    if (nowNanos < workload.horizon().toNanos() || open > 0 || workload.isBusy()) {
      after(TICK_NANOS, this::tick);
    }
  }

  /** Waits for a slot, in turn. */
  void await(SimAnswer answer) {
    waiting.add(answer);
    after(0, this::serve);
  }

  private void serve() {
    for (int i = waiting.size(); i > 0; i--) {
      SimAnswer answer = waiting.remove();
      if (answer.isOver()) {
        continue;
      }
      Slot slot = pool.take(answer.need(), nowNanos);
      if (slot != null) {
        held.add(slot);
        continuations += answer.isBegun() ? 1 : 0;
        answer.start(slot);
      } else if (!answer.isBegun() && !pool.canServeSoon(ANY)) {
        answer.giveUp();
      } else {
        waiting.add(answer);
      }
    }
  }

  void release(Slot slot, CallEnd how) {
    check(held.remove(slot), "a released slot was not held", this);
    pool.ended(slot, how, nowNanos);
    after(0, this::serve);
  }

  void hedgeLater(SimAnswer answer, SimCall call) {
    pool.hedgeAfter().ifPresent(delay -> after(delay.toNanos(), () -> answer.hedge(call)));
  }

  void hedged() {
    hedges++;
  }

  /** The slot of a hedge is held like any other. */
  void holds(Slot slot) {
    held.add(slot);
  }

  void ended() {
    open--;
  }

  private void checkAll() {
    int used = 0;
    for (View view : pool.view()) {
      check(view.inFlight() >= 0 && view.inFlight() <= view.slots(), "slots exceeded", view);
      used += view.inFlight();
    }
    check(used == held.size(), "in-flight count and held slots differ", this);
  }

  /** Schedules work at a time that the seed decides, while the workload still generates events. */
  void sometime(Runnable work) {
    after((long) (random.nextDouble() * workload.horizon().toNanos()), work);
  }

  void after(long nanos, Runnable work) {
    events.add(new Event(nowNanos + nanos, scheduled++, work));
  }

  static void check(boolean holds, String what, Object where) {
    if (!holds) {
      throw new AssertionError(what + ": " + where);
    }
  }

  PoolState pool() {
    return pool;
  }

  SimBackend backend(int index) {
    return backends.get(index);
  }

  RandomGenerator random() {
    return random;
  }

  long nowNanos() {
    return nowNanos;
  }

  int hedges() {
    return hedges;
  }

  int continuations() {
    return continuations;
  }

  @Override
  public String toString() {
    return "at %.3f s, %d waiting, %s".formatted(nowNanos / 1e9, waiting.size(), backends);
  }
}

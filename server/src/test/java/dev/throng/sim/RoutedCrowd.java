package dev.throng.sim;

import dev.throng.backend.pool.CallEnd;
import dev.throng.backend.pool.Need;
import dev.throng.backend.pool.PoolState;
import dev.throng.backend.pool.PoolState.Spec;
import dev.throng.backend.pool.Slot;
import dev.throng.core.ErrorCode;
import dev.throng.fixtures.Configs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Users with a pool of backends, in virtual time; each user asks the next question when the last
 * one is answered. Counts the questions that each backend gets.
 */
final class RoutedCrowd {
  /** The speed of a backend; the pool knows only the number of its slots. */
  interface Speed {
    /**
     * @param level answers that it generates at the same time, including this one
     * @return seconds per token
     */
    double secondsPerToken(int backend, int level, double nowSeconds);
  }

  private static final double PREFILL_SECONDS = 0.05;
  private static final double NOISE = 0.1;
  private static final double MEDIAN_TOKENS = 60;
  private static final double SIGMA = 0.5;
  private static final int STEPS = 8;
  private static final double TICK_SECONDS = 0.05;

  private record Event(double atSeconds, long number, Runnable work) {}

  private final Speed speed;
  private final SplittableRandom random;
  private final PoolState pool;
  private final int[] running;
  private final double[] downUntil;
  private final Deque<Integer> waiting = new ArrayDeque<>();
  private final List<Integer> assigned = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingDouble(Event::atSeconds).thenComparingLong(Event::number));
  private long number;
  private double now;
  private int questions;

  RoutedCrowd(int backends, int slots, int users, long seed, Speed speed) {
    this.speed = speed;
    this.random = new SplittableRandom(seed);
    List<Spec> specs = new ArrayList<>();
    for (int i = 0; i < backends; i++) {
      specs.add(new Spec("b" + i, 1, slots));
    }
    this.pool = new PoolState(Configs.with("pool.hedge_share", "0").pool(), specs, random);

    this.running = new int[backends];
    this.downUntil = new double[backends];
    for (int i = 0; i < users; i++) {
      after(random.nextDouble() * 0.2, this::ask);
    }
    after(0, this::tick);
  }

  /** A backend refuses connections until this time. */
  RoutedCrowd downUntil(int backend, double seconds) {
    downUntil[backend] = seconds;
    return this;
  }

  /** The pool learns that a backend is gone; its running answers still end normally. */
  RoutedCrowd fails(int backend) {
    pool.coolDown(backend, nanos());
    return this;
  }

  /** Runs until this many more questions went to a backend; returns the number for each backend. */
  int[] next(int count) {
    int from = assigned.size();
    while (assigned.size() < from + count) {
      Event event = events.remove();
      now = event.atSeconds();
      event.work().run();
      serve();
    }
    int[] counts = new int[running.length];
    assigned.subList(from, from + count).forEach(backend -> counts[backend]++);
    return counts;
  }

  /** Runs until this time. */
  RoutedCrowd until(double seconds) {
    while (now < seconds) {
      next(1);
    }
    return this;
  }

  private void tick() {
    for (Slot probe : pool.dueProbes(nanos())) {
      boolean isDown = now < downUntil[probe.backend()];
      pool.ended(
          probe,
          isDown ? new CallEnd.Failed(ErrorCode.BACKEND_UNREACHABLE) : new CallEnd.Done(1),
          nanos());
    }
    after(TICK_SECONDS, this::tick);
  }

  private void ask() {
    waiting.add(questions++);
  }

  private void serve() {
    while (!waiting.isEmpty()) {
      Slot slot = pool.take(new Need(600, waiting.peek(), Set.of(), Set.of()), nanos());
      if (slot == null) {
        return;
      }
      waiting.remove();
      begin(slot);
    }
  }

  private void begin(Slot slot) {
    int backend = slot.backend();
    assigned.add(backend);
    running[backend]++;
    int tokens = (int) Math.max(5, MEDIAN_TOKENS * Math.exp(SIGMA * random.nextGaussian()));
    after(
        PREFILL_SECONDS * noise(),
        () -> {
          pool.firstToken(slot, nanos());
          step(slot, tokens, noise(), STEPS);
        });
  }

  /** A part of an answer; its speed is that of the backend at the start of the part. */
  private void step(Slot slot, int tokens, double factor, int left) {
    int backend = slot.backend();
    if (left == 0) {
      running[backend]--;
      pool.ended(slot, new CallEnd.Done(tokens), nanos());
      ask();
      return;
    }
    double token = speed.secondsPerToken(backend, running[backend], now) * factor;
    after(token * tokens / STEPS, () -> step(slot, tokens, factor, left - 1));
  }

  private double noise() {
    return 1 + NOISE * (2 * random.nextDouble() - 1);
  }

  private void after(double seconds, Runnable work) {
    events.add(new Event(now + seconds, number++, work));
  }

  private long nanos() {
    return (long) (now * 1e9);
  }
}

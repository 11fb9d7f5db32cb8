package dev.throng.backend.pool;

import java.util.ArrayDeque;
import java.util.Deque;

/** The state of one backend in {@link PoolState}. */
final class Member {
  /** Number of prompts whose beginning it may still have in memory. */
  private static final int PREFIXES = 64;

  private final int id;
  private final String name;
  private final double weight;
  private final Breaker breaker;
  private final Rates rates = new Rates();
  private final Deque<Integer> prefixes = new ArrayDeque<>();
  int slots;
  boolean isCounted;

  /** Slots that this replica may hold until the share ends, and after it. */
  int share = Integer.MAX_VALUE;

  long shareUntilNanos;
  int evenShare = Integer.MAX_VALUE;
  boolean isDrained;
  boolean isLeaving;
  int inFlight;
  int prefills;

  /** Number of the pool's calls when this backend's rates were last measured, or tried. */
  long callsWhenMeasured;

  /** Whether its next call is a trial. */
  boolean isOnTrial;

  Member(int id, String name, double weight, int slots, Breaker breaker) {
    this.id = id;
    this.name = name;
    this.weight = weight;
    this.breaker = breaker;
    this.slots = Math.max(1, slots);
    this.isCounted = slots > 0;
  }

  /** Returns the id. Ids are never reused, so it identifies the backend after it has left, too. */
  int id() {
    return id;
  }

  String name() {
    return name;
  }

  double weight() {
    return weight;
  }

  Breaker breaker() {
    return breaker;
  }

  Rates rates() {
    return rates;
  }

  /**
   * Returns whether it may get work now, or will without having to recover first, such as one that
   * is warming up and has not failed yet.
   */
  boolean isAlive() {
    return !isDrained && !isLeaving && (breaker.isUp() || breaker.isWarmingUp());
  }

  /** Returns the slots that may be used now. */
  int slotsNow(long nowNanos) {
    return isDrained || isLeaving ? 0 : breaker.usable(mostSlots(nowNanos), nowNanos);
  }

  /** Returns the slots that this replica may hold when the backend is healthy. */
  int mostSlots(long nowNanos) {
    return Math.min(slots, shareUntilNanos - nowNanos > 0 ? share : evenShare);
  }

  boolean hasPrefix(int prefix) {
    return prefixes.contains(prefix);
  }

  void notePrefix(int prefix) {
    prefixes.remove(prefix);
    prefixes.addLast(prefix);
    if (prefixes.size() > PREFIXES) {
      prefixes.removeFirst();
    }
  }
}

package dev.throng.backend.pool;

import dev.throng.config.PoolConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The state of one backend in {@link PoolState}. */
final class Member {
  /** What the backend may be used for. */
  enum Phase {
    /** Not proven yet: it gets only a probe. */
    WARMING,
    UP,
    /** Failed, or much slower than usual: left alone for a while. */
    COOLING_DOWN,
    /** Its cooldown is over, and a probe is under way. */
    PROBING
  }

  /** Number of prompts whose beginning it may still have in memory. */
  private static final int PREFIXES = 64;

  private final int id;
  private final String name;
  private final double weight;
  private final Rates rates = new Rates();
  private final Deque<Integer> prefixes = new ArrayDeque<>();
  int slots;
  boolean isCounted;

  /** Slots that this replica may hold until the share ends, and after it. */
  int share = Integer.MAX_VALUE;

  long shareUntilNanos;
  int evenShare = Integer.MAX_VALUE;
  Phase phase = Phase.WARMING;
  boolean isDrained;
  boolean isLeaving;
  boolean isProven;
  boolean isSlow;
  int inFlight;
  int prefills;
  int failuresInRow;

  /** Number of the pool's calls when this backend's rates were last measured, or tried. */
  long callsWhenMeasured;

  /** Whether its next call is a trial. */
  boolean isOnTrial;

  int cooldowns;
  long coolingUntilNanos;
  long upSinceNanos;

  Member(int id, String name, double weight, int slots) {
    this.id = id;
    this.name = name;
    this.weight = weight;
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

  Rates rates() {
    return rates;
  }

  /**
   * Returns whether it may get work now, or will without having to recover first, such as one that
   * is warming up and has not failed yet.
   */
  boolean isAlive() {
    boolean isWarmingUp = !isProven && cooldowns == 0;
    return !isDrained && !isLeaving && (phase == Phase.UP || isWarmingUp);
  }

  /**
   * Returns the slots that may be used now. After a cooldown they return one after the other, so
   * that a backend that has just started is not overwhelmed.
   */
  int slotsNow(long nowNanos, PoolConfig config) {
    if (phase != Phase.UP || isDrained || isLeaving) {
      return 0;
    }
    long rampNanos = cooldowns == 0 ? 0 : config.slowStart().toNanos();
    long upNanos = nowNanos - upSinceNanos;
    int most = mostSlots(nowNanos);
    if (upNanos >= rampNanos || most == 0) {
      return most;
    }
    return Math.max(1, (int) (most * (double) upNanos / rampNanos));
  }

  /** Extends the current cooldown to at least this time. */
  void coolDownAtLeast(Duration time, long nowNanos) {
    long untilNanos = nowNanos + time.toNanos();
    if (untilNanos - coolingUntilNanos > 0) {
      coolingUntilNanos = untilNanos;
    }
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

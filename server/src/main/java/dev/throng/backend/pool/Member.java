package dev.throng.backend.pool;

import dev.throng.config.PoolConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** One backend as {@link PoolState} knows it. */
final class Member {
  /** What it may be used for. */
  enum Phase {
    /** Not proven yet: gets a probe, and nothing else. */
    WARMING,
    UP,
    /** Failed, or was much slower than itself: left alone for a while. */
    COOLING_DOWN,
    /** Has rested; a probe is on its way. */
    PROBING
  }

  /** Prompts whose beginning it may still have in memory. */
  private static final int PREFIXES = 64;

  private final int id;
  private final String name;
  private final double weight;
  private final Rates rates = new Rates();
  private final Deque<Integer> prefixes = new ArrayDeque<>();
  int slots;
  boolean isCounted;

  /** Slots that this replica may hold until the time is over, and after it. */
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

  /** Calls that the pool had given out when this one's rates were last measured, or tried. */
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

  /** Never used again for another one, so that it names this one after it has left, too. */
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
   * Whether it may get work now, or will without having to recover first: as one that warms up, and
   * has not failed to yet.
   */
  boolean isAlive() {
    boolean isWarmingUp = !isProven && cooldowns == 0;
    return !isDrained && !isLeaving && (phase == Phase.UP || isWarmingUp);
  }

  /**
   * Slots that may be used now: after a cooldown they come back one after the other, so that a
   * backend that has just started is not overwhelmed.
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

  /** It is cooling down already; not for less than this. */
  void coolDownAtLeast(Duration time, long nowNanos) {
    long untilNanos = nowNanos + time.toNanos();
    if (untilNanos - coolingUntilNanos > 0) {
      coolingUntilNanos = untilNanos;
    }
  }

  /** Slots that this replica may hold when all is well. */
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

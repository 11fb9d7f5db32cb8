package dev.throng.backend.pool;

import dev.throng.config.PoolConfig;
import dev.throng.core.ErrorCode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Decides whether one backend may be used. A backend must succeed in a probe first, cools down
 * after failures, and is then probed again. A state machine without I/O: events carry the time.
 * Part of {@link PoolState}.
 */
final class Breaker {
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

  /** Failures that the next call would meet, too. */
  private static final Set<ErrorCode> DOWN_CODES =
      EnumSet.of(ErrorCode.BACKEND_UNREACHABLE, ErrorCode.MODEL_MISSING, ErrorCode.BACKEND_BUSY);

  private static final double COOLDOWN_JITTER = 0.2;

  private final PoolConfig config;
  private final RandomGenerator random;
  private Phase phase = Phase.WARMING;
  private boolean isProven;
  private int failuresInRow;
  private int cooldowns;
  private long coolingUntilNanos;
  private long upSinceNanos;

  Breaker(PoolConfig config, RandomGenerator random) {
    this.config = config;
    this.random = random;
  }

  Phase phase() {
    return phase;
  }

  boolean isUp() {
    return phase == Phase.UP;
  }

  /** Returns whether it warms up for the first time, and has not failed yet. */
  boolean isWarmingUp() {
    return !isProven && cooldowns == 0;
  }

  boolean isProbeDue(long nowNanos) {
    return phase == Phase.WARMING
        || (phase == Phase.COOLING_DOWN && coolingUntilNanos - nowNanos <= 0);
  }

  void probeStarted() {
    phase = Phase.PROBING;
  }

  void probeSucceeded(long nowNanos) {
    phase = Phase.UP;
    isProven = true;
    upSinceNanos = nowNanos;
    failuresInRow = 0;
  }

  void callSucceeded(long nowNanos) {
    failuresInRow = 0;
    if (isUp() && nowNanos - upSinceNanos > config.slowStart().toNanos()) {
      cooldowns = 0; // stable for a while, so the next cooldown is short
    }
  }

  /** Records the failure of a call or probe. */
  void failed(CallEnd.Failed failed, boolean isProbe, long nowNanos) {
    ErrorCode code = failed.code();
    if (!code.kind().isBackendFault()) {
      if (isProbe) {
        coolDown(nowNanos);
      }
      return;
    }
    failuresInRow++;
    boolean hasAskedForPause = failed.retryAfter().isPositive();
    boolean isTooMany = failuresInRow >= config.breaker().failures();
    if (isProbe || DOWN_CODES.contains(code) || hasAskedForPause || isTooMany) {
      coolDown(nowNanos);
      coolDownAtLeast(bounded(failed.retryAfter()), nowNanos);
    }
  }

  /** Records a failure of a call that had ended without one. */
  void failedLater(long nowNanos) {
    failuresInRow++;
    if (isUp() && failuresInRow >= config.breaker().failures()) {
      coolDown(nowNanos);
    }
  }

  void coolDown(long nowNanos) {
    coolDown(config.breaker().minCooldown(), nowNanos);
  }

  /** Ejects a backend that is much slower than usual. */
  void ejectForSlowness(long nowNanos) {
    coolDown(config.breaker().slowCooldown(), nowNanos);
  }

  /**
   * Returns how many of a number of slots may be used now. After a cooldown they return one after
   * the other, so that a backend that has just started is not overwhelmed.
   */
  int usable(int slots, long nowNanos) {
    if (!isUp()) {
      return 0;
    }
    long rampNanos = cooldowns == 0 ? 0 : config.slowStart().toNanos();
    long upNanos = nowNanos - upSinceNanos;
    if (upNanos >= rampNanos || slots == 0) {
      return slots;
    }
    return Math.max(1, (int) (slots * (double) upNanos / rampNanos));
  }

  /**
   * Starts a cooldown. Each consecutive one is twice as long as the one before, up to the maximum.
   */
  private void coolDown(Duration shortest, long nowNanos) {
    if (phase == Phase.COOLING_DOWN) {
      return; // several calls met the same failure
    }
    double doubled = (double) shortest.toNanos() * Math.pow(2, Math.min(cooldowns, 30));
    double longest =
        (double) Math.max(config.breaker().maxCooldown().toNanos(), shortest.toNanos());
    double nanos = Math.min(doubled, longest);
    double jitter = 1 + COOLDOWN_JITTER * (2 * random.nextDouble() - 1);
    phase = Phase.COOLING_DOWN;
    cooldowns++;
    coolingUntilNanos = nowNanos + (long) (nanos * jitter);
  }

  /** Extends the current cooldown to at least this time. */
  private void coolDownAtLeast(Duration time, long nowNanos) {
    long untilNanos = nowNanos + time.toNanos();
    if (untilNanos - coolingUntilNanos > 0) {
      coolingUntilNanos = untilNanos;
    }
  }

  /**
   * Returns a limited duration. A backend whose quota is used up may ask for a day, and get more
   * quota within the hour.
   */
  private Duration bounded(Duration retryAfter) {
    Duration longest = config.breaker().maxRetryAfter();
    return retryAfter.compareTo(longest) < 0 ? retryAfter : longest;
  }
}

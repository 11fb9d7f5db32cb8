package dev.throng.store;

import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The live versions that one copy of an index is known to contain, so that each is checked only
 * once. A copy that contains a version keeps it as long as the version is live, because chunks
 * never change and only those of dead versions are deleted. Safe for concurrent use.
 */
public final class HeldVersions {
  /** How long a search waits for copies that lag behind. */
  public static final Duration LAG_PATIENCE = Duration.ofSeconds(2);

  /** Interval between two checks of a lagging copy, however many searches wait for it. */
  private static final Duration POLL = Duration.ofMillis(20);

  private final Ticker ticker;
  private final int maxVersions;
  private final int maxChunks;
  private final ReentrantLock looking = new ReentrantLock();

  /**
   * Versions that were found although not all versions of their epoch were. Read under the lock.
   */
  private final Set<Long> seenInPart = ConcurrentHashMap.newKeySet();

  /** All of these versions were found. */
  private volatile LiveVersions held = LiveVersions.NONE;

  /**
   * The previous epoch, whose versions were all found as well. Searches of it may still be under
   * way.
   */
  private volatile long epochBefore = LiveVersions.NONE.epoch();

  private final AtomicInteger failedLooks = new AtomicInteger();
  private volatile long nextLookNanos;
  private volatile boolean isLagging;

  /**
   * Creates an empty set.
   *
   * @param maxVersions maximum number of versions in one check
   * @param maxChunks maximum number of chunks in one check, unless a single version has more
   */
  public HeldVersions(Ticker ticker, int maxVersions, int maxChunks) {
    this.ticker = ticker;
    this.maxVersions = maxVersions;
    this.maxChunks = maxChunks;
    this.nextLookNanos = ticker.nanos();
  }

  /**
   * Returns whether the copy contains everything that is live. Checks what was not found yet. One
   * caller checks at a time, and a caller that waited for a failed check does not immediately check
   * again.
   *
   * @param look returns whether the copy has every chunk of some versions now; may fail
   */
  public boolean hasAll(LiveVersions live, Predicate<List<Long>> look, Deadline deadline) {
    if (isKnown(live)) {
      return true; // the usual and cheap case
    }
    int failedBefore = failedLooks.get();
    if (!isLookDue() || !lock(deadline)) {
      return false;
    }
    boolean hasAll = false;
    try {
      hasAll = isKnown(live) || (failedLooks.get() == failedBefore && look(live, look));
      return hasAll;
    } finally {
      failedLooks.addAndGet(hasAll ? 0 : 1);
      looking.unlock();
    }
  }

  private boolean isKnown(LiveVersions live) {
    long epoch = live.epoch();
    return epoch == held.epoch() || epoch == epochBefore || live.versions().isEmpty();
  }

  private boolean isLookDue() {
    return nextLookNanos - ticker.nanos() <= 0;
  }

  private boolean lock(Deadline deadline) {
    try {
      return looking.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private boolean look(LiveVersions live, Predicate<List<Long>> look) {
    for (List<Long> part : live.parts(unseen(live), maxVersions, maxChunks)) {
      if (!test(look, part)) {
        nextLookNanos = ticker.nanos() + POLL.toNanos();
        isLagging = true;
        return false;
      }
      seenInPart.addAll(part);
    }
    isLagging = false;
    if (live.epoch() > held.epoch()) {
      epochBefore = held.epoch();
      held = live;
      seenInPart.clear();
    }
    return true;
  }

  /**
   * Checks some versions. A deadline that passes between two checks was spent waiting for the copy.
   */
  private boolean test(Predicate<List<Long>> look, List<Long> part) {
    try {
      return look.test(part);
    } catch (ThrongException e) {
      if (isLagging && e.code() == ErrorCode.DEADLINE_EXCEEDED) {
        return false;
      }
      throw e;
    }
  }

  private List<Long> unseen(LiveVersions live) {
    Set<Long> seen = held.versions();
    return live.versions().stream()
        .filter(version -> !seen.contains(version) && !seenInPart.contains(version))
        .toList();
  }

  /**
   * Waits until a copy contains what a search must find.
   *
   * @param copy its name
   * @throws ThrongException STORE_UNAVAILABLE when the deadline, or {@link #LAG_PATIENCE}, passes
   *     first
   */
  public static void await(BooleanSupplier hasAll, Object copy, Deadline deadline) {
    Deadline patience = deadline.within(LAG_PATIENCE);
    while (!hasAll.getAsBoolean()) {
      pause(copy, patience);
    }
  }

  /**
   * Waits a little for a copy that lags behind.
   *
   * @param patience how long to wait in total
   * @throws ThrongException STORE_UNAVAILABLE when that has passed
   */
  public static void pause(Object copy, Deadline patience) {
    if (patience.hasPassed()) {
      throw new ThrongException(
          ErrorCode.STORE_UNAVAILABLE,
          "%s does not have every live document yet (expected: at most %d ms after a publish)"
              .formatted(copy, LAG_PATIENCE.toMillis()));
    }
    try {
      TimeUnit.NANOSECONDS.sleep(Math.min(POLL.toNanos(), patience.remainingNanos()));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static ThrongException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ThrongException(
        ErrorCode.SHUTTING_DOWN, "interrupted while waiting for a copy of an index", e);
  }
}

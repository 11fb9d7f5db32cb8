package dev.throng.admission;

import java.time.Duration;

/**
 * Whether there is no slot at all, and since when. A short outage is waited out; who has waited for
 * as long as one may is refused, since nobody knows when it ends. State without IO or clock.
 */
final class Outage {
  private final long longestNanos;
  private boolean isOn;
  private long sinceNanos;

  /**
   * @param longestWait for slots to come back
   */
  Outage(Duration longestWait) {
    this.longestNanos = longestWait.toNanos();
  }

  void note(int slots, long nowNanos) {
    boolean isNew = slots == 0 && !isOn;
    sinceNanos = isNew ? nowNanos : sinceNanos;
    isOn = slots == 0;
  }

  boolean isOn() {
    return isOn && longestNanos < QueueLimits.UNLIMITED.toNanos();
  }

  /**
   * Until when a request waits that was made at {@code askedNanos}: counted from its beginning or
   * the outage's, whichever is later. Only while there is one.
   */
  long endNanos(long askedNanos) {
    long fromNanos = askedNanos - sinceNanos > 0 ? askedNanos : sinceNanos;
    return fromNanos + longestNanos;
  }

  /** Whether a request that was made at {@code askedNanos} has waited for long enough. */
  boolean isTooLong(long askedNanos, long nowNanos) {
    return isOn() && nowNanos - endNanos(askedNanos) >= 0;
  }
}

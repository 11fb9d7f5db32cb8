package dev.throng.admission;

import java.time.Duration;

/**
 * Whether there is no slot at all, and since when. Requests wait for a short outage to end. A
 * request that has waited for the maximum time is refused, because the end of an outage cannot be
 * predicted. State without I/O or clock.
 */
final class Outage {
  private final long longestNanos;
  private boolean isOn;
  private long sinceNanos;

  /**
   * Creates a state without an outage.
   *
   * @param longestWait maximum wait for slots to return
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
   * Returns until when a request waits that started at {@code askedNanos}. The wait counts from the
   * start of the request or of the outage, whichever is later. Valid only during an outage.
   */
  long endNanos(long askedNanos) {
    long fromNanos = askedNanos - sinceNanos > 0 ? askedNanos : sinceNanos;
    return fromNanos + longestNanos;
  }

  /** Returns whether a request that started at {@code askedNanos} has waited long enough. */
  boolean isTooLong(long askedNanos, long nowNanos) {
    return isOn() && nowNanos - endNanos(askedNanos) >= 0;
  }
}

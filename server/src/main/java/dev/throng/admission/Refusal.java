package dev.throng.admission;

import java.time.Duration;
import java.util.Locale;

/**
 * Why a request gets no permit.
 *
 * @param estimatedWait the estimated wait
 */
public record Refusal(Reason reason, Duration estimatedWait) {
  /** The rule that refused the request. */
  public enum Reason {
    /** The queue is full. */
    FULL,
    /** The tenant's places are all taken; the other places are kept for other tenants. */
    SHARE,
    /** The wait would have ended too late. */
    TOO_LATE,
    /** The request waited, and its time ran out. */
    EXPIRED,
    /** There is no slot at all, and none returned while the request waited. */
    OUTAGE;

    /** Returns the reason as metrics show it. */
    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

package dev.throng.admission;

import java.time.Duration;

/**
 * Why a request gets no permit.
 *
 * @param estimatedWait how long the wait would have been
 */
public record Refusal(Reason reason, Duration estimatedWait) {
  /** Which rule refused. */
  public enum Reason {
    /** No place in the room. */
    FULL,
    /** No place for this tenant: the others' are kept for them. */
    SHARE,
    /** The wait would have ended too late. */
    TOO_LATE,
    /** It waited, and its time ran out. */
    EXPIRED,
    /** There is no slot at all, and it waited for one to come back. */
    OUTAGE
  }
}

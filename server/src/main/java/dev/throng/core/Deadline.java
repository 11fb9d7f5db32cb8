package dev.throng.core;

import java.time.Duration;

/**
 * A point in time by which work must be done, measured by one {@link Ticker}. A deadline is passed
 * down the call chain and never extended.
 */
public record Deadline(Ticker ticker, long atNanos) {

  public static Deadline after(Ticker ticker, Duration timeout) {
    return new Deadline(ticker, ticker.nanos() + timeout.toNanos());
  }

  /** Returns the nanoseconds left, or 0 when the deadline has passed. */
  public long remainingNanos() {
    return Math.max(0, atNanos - ticker.nanos());
  }

  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  public boolean hasPassed() {
    return remainingNanos() == 0;
  }

  /** Returns the earlier of this deadline and {@code timeout} from now. */
  public Deadline within(Duration timeout) {
    Deadline other = after(ticker, timeout);
    return other.atNanos - atNanos < 0 ? other : this;
  }

  /**
   * Returns a deadline that is later by {@code grace}, for a caller that waits for work bound by
   * this one.
   */
  public Deadline plus(Duration grace) {
    return new Deadline(ticker, atNanos + grace.toNanos());
  }

  /**
   * @throws ThrongException DEADLINE_EXCEEDED, naming {@code work}, when the deadline has passed
   */
  public void check(String work) {
    if (hasPassed()) {
      throw new ThrongException(ErrorCode.DEADLINE_EXCEEDED, "the deadline passed before " + work);
    }
  }
}

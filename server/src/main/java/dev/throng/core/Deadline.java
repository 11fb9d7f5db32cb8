package dev.throng.core;

import java.time.Duration;

/**
 * A point in time by which work must be done, on one {@link Ticker}. Handed down, never renewed on
 * the way.
 */
public record Deadline(Ticker ticker, long atNanos) {

  public static Deadline after(Ticker ticker, Duration timeout) {
    return new Deadline(ticker, ticker.nanos() + timeout.toNanos());
  }

  /** Nanoseconds left, 0 when it has passed. */
  public long remainingNanos() {
    return Math.max(0, atNanos - ticker.nanos());
  }

  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  public boolean hasPassed() {
    return remainingNanos() == 0;
  }

  /** The earlier of this deadline and {@code timeout} from now. */
  public Deadline within(Duration timeout) {
    Deadline other = after(ticker, timeout);
    return other.atNanos - atNanos < 0 ? other : this;
  }

  /** A deadline this much later, for who waits for work that keeps to this one. */
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

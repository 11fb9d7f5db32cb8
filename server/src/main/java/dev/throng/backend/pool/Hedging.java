package dev.throng.backend.pool;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decides when a call without a first token gets a second one on another backend: after the 95th
 * percentile of the times to the first token, for a small share of all calls (Dean and Barroso, The
 * Tail at Scale, 2013).
 */
final class Hedging {
  private static final int WINDOW = 256;

  /** Number of known times to the first token before any call is hedged. */
  private static final int MIN_SAMPLES = 20;

  private static final double PERCENTILE = 0.95;

  /** Maximum number of consecutive hedges after a long time without any. */
  private static final double MAX_CREDIT = 5;

  private final double share;
  private final long[] firstTokenNanos = new long[WINDOW];
  private int count;
  private double credit;

  Hedging(double share) {
    this.share = share;
  }

  void firstTokenAfter(long nanos) {
    firstTokenNanos[count % WINDOW] = nanos;
    count++;
  }

  void callBegan() {
    credit = Math.min(MAX_CREDIT, credit + share);
  }

  /**
   * Returns how long to wait for a first token before a second call; empty when there must be none.
   */
  Optional<Duration> delay() {
    if (credit < 1 || count < MIN_SAMPLES) {
      return Optional.empty();
    }
    long[] sorted = Arrays.copyOf(firstTokenNanos, Math.min(count, WINDOW));
    Arrays.sort(sorted);
    return Optional.of(Duration.ofNanos(sorted[(int) (PERCENTILE * (sorted.length - 1))]));
  }

  /** Uses up the right to one hedge. */
  boolean spend() {
    if (credit < 1) {
      return false;
    }
    credit--;
    return true;
  }
}

package dev.throng.core;

import java.time.Duration;

/**
 * The pause before a retry: twice as long after each failure in a row, up to a maximum. Not
 * thread-safe, except that {@link #pause} may be read by any thread.
 */
public final class Backoff {
  private final Duration min;
  private final Duration max;
  private volatile Duration pause = Duration.ZERO;

  /**
   * Creates a back-off without a failure.
   *
   * @param min pause after the first failure
   */
  public Backoff(Duration min, Duration max) {
    this.min = min;
    this.max = max;
  }

  /** Returns the pause after one more failure. */
  public Duration failed() {
    Duration longer = pause.isZero() ? min : pause.multipliedBy(2);
    pause = longer.compareTo(max) > 0 ? max : longer;
    return pause;
  }

  /** Ends the row of failures. */
  public void succeeded() {
    pause = Duration.ZERO;
  }

  /** Returns the present pause; zero when the last try succeeded. */
  public Duration pause() {
    return pause;
  }

  /** Returns whether the last try failed. */
  public boolean isFailing() {
    return !pause.isZero();
  }
}

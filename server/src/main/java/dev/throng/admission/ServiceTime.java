package dev.throng.admission;

/** The mean time that a permit is held, measured with an exponential window. Not thread-safe. */
final class ServiceTime {
  /** Number of service times that the mean covers, approximately. */
  private static final int MEAN_SAMPLES = 32;

  /** Number of measured service times after which the first guess hardly affects the mean. */
  private static final int MIN_MEASUREMENTS = 4 * MEAN_SAMPLES;

  private long meanNanos;
  private int samples = 1;
  private int measuredCount;

  /**
   * Creates a mean from a first guess.
   *
   * @param firstGuessNanos the mean until something was measured
   */
  ServiceTime(long firstGuessNanos) {
    this.meanNanos = firstGuessNanos;
  }

  void measured(long serviceNanos) {
    measuredCount = Math.min(MIN_MEASUREMENTS, measuredCount + 1);
    samples = Math.min(MEAN_SAMPLES, samples + 1); // the first ones count more than the guess
    meanNanos += (serviceNanos - meanNanos) / samples;
  }

  long meanNanos() {
    return meanNanos;
  }

  /** Returns whether the first guess has almost no effect any longer. */
  boolean isWellKnown() {
    return measuredCount >= MIN_MEASUREMENTS;
  }
}

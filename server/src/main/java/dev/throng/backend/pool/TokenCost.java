package dev.throng.backend.pool;

/**
 * The seconds that a backend needs for a token, as a linear function of the number of simultaneous
 * answers: constant where each has a slot of its own, proportional where they share the cores. It
 * is the least-squares line through recent observations, with exponentially decreasing weights. A
 * level that was not observed for a long time therefore has no separate memory that could be wrong.
 */
final class TokenCost {
  /** Weight of the past relative to a new observation. About ten observations are remembered. */
  private static final double DECAY = 0.9;

  /** An observation that is faster by this factor shows that the estimate is outdated. */
  private static final double OUTDATED_FACTOR = 2;

  /**
   * Variance of levels below which they give no information about the slope, as a share of the
   * squared mean.
   */
  private static final double MIN_RELATIVE_VARIANCE = 1.0 / 64;

  private double weight;

  /**
   * When the call started that showed that the estimate was outdated. Earlier calls no longer
   * count.
   */
  private long newestNanos = Long.MIN_VALUE;

  private double levels;
  private double seconds;
  private double squares;
  private double products;

  boolean isKnown() {
    return weight > 0;
  }

  void forget() {
    weight = 0;
    levels = 0;
    seconds = 0;
    squares = 0;
    products = 0;
  }

  /**
   * Records an observation.
   *
   * @param startedNanos when the call started
   * @param isTrial whether the call was a trial; then an estimate that was too low is replaced
   * @param level average number of simultaneous calls, including this one
   */
  void add(long startedNanos, boolean isTrial, double level, double secondsPerToken) {
    if (startedNanos < newestNanos) {
      return; // the late end of a call from the slow period
    }
    if (isKnown() && secondsPerToken * (isTrial ? 1 : OUTDATED_FACTOR) < at(level)) {
      forget();
      newestNanos = startedNanos;
    }
    weight = DECAY * weight + 1;
    levels = DECAY * levels + level;
    seconds = DECAY * seconds + secondsPerToken;
    squares = DECAY * squares + level * level;
    products = DECAY * products + level * secondsPerToken;
  }

  /**
   * Returns the seconds per token at that level. A level far from those observed is extrapolated on
   * the line.
   */
  double at(double level) {
    double meanLevel = levels / weight;
    double meanSeconds = seconds / weight;
    double variance = Math.max(0, squares / weight - meanLevel * meanLevel);
    double covariance = products / weight - meanLevel * meanSeconds;
    double slope = covariance / (variance + 1 + MIN_RELATIVE_VARIANCE * meanLevel * meanLevel);
    // More simultaneous calls make none faster, and at worst share the speed of a single one.
    double possible = Math.clamp(slope, 0, meanSeconds / meanLevel);
    return meanSeconds + possible * (level - meanLevel);
  }
}

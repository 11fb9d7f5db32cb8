package dev.throng.backend.pool;

/**
 * The seconds that a backend takes for a token, as a line over how many answers it makes at the
 * same time: flat where each has a slot of its own, through the origin where they divide the cores.
 * The least-squares line through what was seen lately, where each observation counts less than the
 * next; so a level that was not seen for long has no memory of its own that could be wrong.
 */
final class TokenCost {
  /** Weight of the past beside a new observation: about ten of them are remembered. */
  private static final double KEPT = 0.9;

  /** What is this many times quicker than believed shows that the belief is out of date. */
  private static final double SURPRISE = 2;

  /** Variance of levels below which they say nothing about the slope: part of the mean, squared. */
  private static final double NARROW = 1.0 / 64;

  private double weight;

  /** When the call began that showed the belief out of date; those before it say nothing now. */
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
   * Notes an observation.
   *
   * @param begunNanos when the call began
   * @param isTrial whether it was made to find out: then the belief gives way if it was too low
   * @param level at work at the same time, on the average, this one included
   */
  void add(long begunNanos, boolean isTrial, double level, double secondsPerToken) {
    if (begunNanos < newestNanos) {
      return; // a late end of what was slow then
    }
    if (isKnown() && secondsPerToken * (isTrial ? 1 : SURPRISE) < at(level)) {
      forget();
      newestNanos = begunNanos;
    }
    weight = KEPT * weight + 1;
    levels = KEPT * levels + level;
    seconds = KEPT * seconds + secondsPerToken;
    squares = KEPT * squares + level * level;
    products = KEPT * products + level * secondsPerToken;
  }

  /** Seconds a token at that level; a level far from those seen counts as the line says. */
  double at(double level) {
    double meanLevel = levels / weight;
    double meanSeconds = seconds / weight;
    double variance = Math.max(0, squares / weight - meanLevel * meanLevel);
    double covariance = products / weight - meanLevel * meanSeconds;
    double slope = covariance / (variance + 1 + NARROW * meanLevel * meanLevel);
    // More at a time make none quicker, and at worst divide what one alone would have.
    double possible = Math.clamp(slope, 0, meanSeconds / meanLevel);
    return meanSeconds + possible * (level - meanLevel);
  }
}

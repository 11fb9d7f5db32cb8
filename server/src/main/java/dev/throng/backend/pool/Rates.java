package dev.throng.backend.pool;

/**
 * The recent speed of one backend, for routing: what a token costs in prefill and in decode,
 * depending on how many it processes at the same time. It also compares the backend with itself:
 * {@link #slowness} is measured against a slowly adapting memory of its own decode rates for each
 * number of simultaneous answers. Differences between backends are normal, but a backend that is
 * much slower than usual is not.
 */
final class Rates {
  /** A higher number of simultaneous answers counts as this many. */
  private static final int MAX_LEVEL = 256;

  private static final double FAST_WEIGHT = 0.3;
  private static final double SLOW_WEIGHT = 0.05;

  /** Rates below this share of the backend's own rate do not update that rate. */
  private static final double MIN_LEARNED_SHARE = 0.6;

  /** Answers shorter than this give no information about a rate. */
  private static final int MIN_TOKENS = 4;

  private final TokenCost prefill = new TokenCost();
  private final TokenCost decode = new TokenCost();
  private final double[] own = new double[MAX_LEVEL + 1];
  private double slowness = 1;
  private int slownessSamples;

  /**
   * Records a first token.
   *
   * @param takenNanos when the call took its slot
   * @param isTrial whether the call shows how quick the backend is now
   * @param prefills average number of prompts being read in the meantime, including this one
   */
  void prefilled(long takenNanos, boolean isTrial, int promptTokens, long nanos, double prefills) {
    prefill.add(takenNanos, isTrial, prefills, seconds(nanos) / Math.max(1, promptTokens));
  }

  /**
   * Records a finished answer.
   *
   * @param takenNanos when the call took its slot
   * @param isTrial whether the call is to show how quick the backend is now
   * @param nanos from its first token to its end
   * @param level average number of simultaneous answers while it was generated, including itself
   */
  void decoded(long takenNanos, boolean isTrial, int tokens, long nanos, double level) {
    if (tokens < MIN_TOKENS) {
      return;
    }
    decode.add(takenNanos, isTrial, level, seconds(nanos) / tokens);
    int at = Math.clamp(Math.round(level), 1, MAX_LEVEL);
    double rate = tokens / seconds(nanos);
    double known = own[at];
    if (known == 0) {
      own[at] = rate;
      return;
    }
    if (rate >= MIN_LEARNED_SHARE * known) {
      own[at] += SLOW_WEIGHT * (rate - known);
    }
    slowness += FAST_WEIGHT * (known / rate - slowness);
    slownessSamples++;
  }

  /** Returns by how much it was recently slower than usual; 1 is as usual. */
  double slowness() {
    return slowness;
  }

  /** Returns the number of answers that {@link #slowness} is based on. */
  int slownessSamples() {
    return slownessSamples;
  }

  /**
   * Resets the recent measurements after a cooldown, because the backend may have been restarted on
   * another machine.
   */
  void resetRecent() {
    slowness = 1;
    slownessSamples = 0;
    prefill.forget();
    decode.forget();
  }

  boolean isKnown() {
    return prefill.isKnown() && decode.isKnown();
  }

  /**
   * Returns the expected seconds until an answer is complete.
   *
   * @param level simultaneous answers, including this one
   * @param prefills prompts being read simultaneously, including this one
   */
  double expectedSeconds(int promptTokens, double answerTokens, int level, int prefills) {
    return promptTokens * prefill.at(prefills) + answerTokens * decode.at(level);
  }

  private static double seconds(long nanos) {
    return Math.max(nanos, 1) / 1e9;
  }
}

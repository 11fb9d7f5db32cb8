package dev.throng.backend.pool;

/**
 * How fast one backend was lately, for routing: what a token costs it in prefill and in decode, by
 * how many it works on at the same time. And how it compares with itself: a slow memory of its own
 * decode rates, for each number of answers at a time, that {@link #slowness} is measured by.
 * Backends differ, and that is normal; one that is much slower than itself is not.
 */
final class Rates {
  /** More answers at once than this count as this many. */
  private static final int MAX_LEVEL = 256;

  private static final double QUICK = 0.3;
  private static final double SLOW = 0.05;

  /** What is below this share of the backend's own rate does not teach that rate. */
  private static final double LEARNED_FROM = 0.6;

  /** Answers shorter than this tell nothing about a rate. */
  private static final int FEW_TOKENS = 4;

  private final TokenCost prefill = new TokenCost();
  private final TokenCost decode = new TokenCost();
  private final double[] own = new double[MAX_LEVEL + 1];
  private double slowness = 1;
  private int slownessSamples;

  /**
   * Notes a first token.
   *
   * @param takenNanos when the call took its slot
   * @param isTrial whether the call is to show how quick the backend is now
   * @param prefills prompts read at once meanwhile, on the average, this one included
   */
  void prefilled(long takenNanos, boolean isTrial, int promptTokens, long nanos, double prefills) {
    prefill.add(takenNanos, isTrial, prefills, seconds(nanos) / Math.max(1, promptTokens));
  }

  /**
   * Notes a finished answer.
   *
   * @param takenNanos when the call took its slot
   * @param isTrial whether the call is to show how quick the backend is now
   * @param nanos from its first token to its end
   * @param level answers at once while it was made, on the average, itself included
   */
  void decoded(long takenNanos, boolean isTrial, int tokens, long nanos, double level) {
    if (tokens < FEW_TOKENS) {
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
    if (rate >= LEARNED_FROM * known) {
      own[at] += SLOW * (rate - known);
    }
    slowness += QUICK * (known / rate - slowness);
    slownessSamples++;
  }

  /** By how much it was slower lately than it usually is; 1 is as usual. */
  double slowness() {
    return slowness;
  }

  /** Answers that {@link #slowness} rests on. */
  int slownessSamples() {
    return slownessSamples;
  }

  /**
   * Judges it again from nothing, after a cooldown: it may have been restarted on another machine.
   */
  void forgetLately() {
    slowness = 1;
    slownessSamples = 0;
    prefill.forget();
    decode.forget();
  }

  boolean isKnown() {
    return prefill.isKnown() && decode.isKnown();
  }

  /**
   * Seconds until an answer would be whole.
   *
   * @param level answers at once, this one included
   * @param prefills prompts being read at once, this one included
   */
  double expectedSeconds(int promptTokens, double answerTokens, int level, int prefills) {
    return promptTokens * prefill.at(prefills) + answerTokens * decode.at(level);
  }

  private static double seconds(long nanos) {
    return Math.max(nanos, 1) / 1e9;
  }
}

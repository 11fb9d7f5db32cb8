package dev.throng.backend.pool;

/**
 * How fast one backend was lately: prefill in tokens a second, and decode in tokens a second of one
 * answer, for each number of answers that it made at the same time.
 *
 * <p>Two memories of the decode rates: a quick one for routing, and a slow one, the backend's own
 * measure of itself, that {@link #slowness} compares with. Backends differ, and that is normal; one
 * that is much slower than itself is not.
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

  private final double[] quick = new double[MAX_LEVEL + 1];
  private final double[] own = new double[MAX_LEVEL + 1];
  private double prefill;
  private double slowness = 1;
  private int slownessSamples;

  /** Notes a first token. */
  void prefilled(int promptTokens, long nanos) {
    double rate = promptTokens / seconds(nanos);
    prefill = prefill == 0 ? rate : prefill + QUICK * (rate - prefill);
  }

  /**
   * Notes a finished answer.
   *
   * @param level answers at once while it was made, itself included
   */
  void decoded(int tokens, long nanos, int level) {
    if (tokens < FEW_TOKENS) {
      return;
    }
    int at = Math.min(level, MAX_LEVEL);
    double rate = tokens / seconds(nanos);
    double known = own[at];
    quick[at] = quick[at] == 0 ? rate : quick[at] + QUICK * (rate - quick[at]);
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

  /** Judges it anew, after a rest. */
  void forgetSlowness() {
    slowness = 1;
    slownessSamples = 0;
    System.arraycopy(own, 0, quick, 0, own.length);
  }

  boolean isKnown() {
    return prefill > 0 && decodeAt(1) > 0;
  }

  /**
   * Seconds until an answer would be whole.
   *
   * @param level answers at once, this one included
   * @param prefills prompts being read at once, this one included
   */
  double expectedSeconds(int promptTokens, double answerTokens, int level, int prefills) {
    return promptTokens * prefills / prefill + answerTokens / decodeAt(level);
  }

  /** The rate at that level, or one derived from the nearest level that was seen; 0 if none was. */
  private double decodeAt(int level) {
    int at = Math.min(level, MAX_LEVEL);
    for (int distance = 0; distance <= MAX_LEVEL; distance++) {
      int below = at - distance;
      if (below >= 1 && quick[below] > 0) {
        return quick[below] * below / at; // as if they shared what one had
      }
      int above = at + distance;
      if (above <= MAX_LEVEL && quick[above] > 0) {
        return quick[above];
      }
    }
    return 0;
  }

  private static double seconds(long nanos) {
    return Math.max(nanos, 1) / 1e9;
  }
}

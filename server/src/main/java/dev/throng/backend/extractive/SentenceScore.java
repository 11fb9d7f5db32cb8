package dev.throng.backend.extractive;

import dev.throng.backend.extractive.WordMatch.Shares;

/**
 * How well a sentence answers a question. The weights and the threshold were chosen on the
 * handbook's questions (docs/decisions/0010-extractive-generator.md).
 *
 * @param shares how much of the question's words it has
 * @param fit how much of what is asked for it can contain, see {@link Wanted#fit}
 * @param quantity whether it is about the question's quantity, see {@link Quantity#fit}
 * @param passage the score of its passage in the search, 0 to 1
 * @param cosine of question and sentence; 0 when their meaning is not compared
 */
record SentenceScore(Shares shares, double fit, int quantity, double passage, double cosine) {
  /** The embedder whose cosines the threshold is for. */
  static final String CALIBRATED_FOR = "bge-small-en-v1.5-int8";

  /** From here on, a sentence counts as an answer: more than one in three of them is right. */
  private static final double CLEAR = 0.855;

  private static final double CLEAR_SHARE_WEIGHT = 0.35;
  private static final double CLEAR_RANGE_WEIGHT = 0.1;

  /** The share of the question's words that counts as an answer where no meaning is known. */
  private static final double CLEAR_SHARE = 0.3;

  /** Returns the score by which candidates are selected. */
  double byWords() {
    return 0.4 * shares.near() + 0.6 * shares.all() + 0.3 * passage + 0.15 * fit + 0.12 * quantity;
  }

  SentenceScore withCosine(double cosine) {
    return new SentenceScore(shares, fit, quantity, passage, cosine);
  }

  /** Returns the score by which candidates are ranked. */
  double total() {
    return cosine + 0.25 * shares.all() + 0.05 * passage + 0.1 * fit + 0.08 * quantity;
  }

  /**
   * Returns whether the sentence clearly answers. Cosine and share have the weights of a logistic
   * regression on the handbook's questions, with those that it does not answer.
   *
   * @param isCalibrated whether the embedder is the one for which this was measured
   */
  boolean isClear(boolean isCalibrated) {
    double range = quantity > 0 ? CLEAR_RANGE_WEIGHT : 0; // its numbers are not the question's
    return isCalibrated
        ? cosine + CLEAR_SHARE_WEIGHT * shares.all() + range >= CLEAR
        : shares.all() >= CLEAR_SHARE;
  }
}

package dev.throng.core;

/**
 * The limits at which an answer ends.
 *
 * @param maxTokens maximum length of the answer, in the generator's tokens
 * @param stop texts before which the answer ends
 */
public record AnswerLimits(int maxTokens, StopStrings stop) {
  /** Returns limits without stop strings. */
  public static AnswerLimits tokens(int maxTokens) {
    return new AnswerLimits(maxTokens, StopStrings.NONE);
  }
}

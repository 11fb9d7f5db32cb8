package dev.throng.core;

/**
 * Where an answer ends at the latest.
 *
 * @param maxTokens longest answer, in the generator's tokens
 * @param stop texts that it ends before
 */
public record AnswerLimits(int maxTokens, StopStrings stop) {
  /** Without a text that ends it. */
  public static AnswerLimits tokens(int maxTokens) {
    return new AnswerLimits(maxTokens, StopStrings.NONE);
  }
}

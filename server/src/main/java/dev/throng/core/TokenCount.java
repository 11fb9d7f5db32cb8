package dev.throng.core;

/**
 * The tokens of one or more generations, as the backends reported them.
 *
 * @param prompt tokens of the prompt, 0 when unknown
 * @param generated tokens of the text, 0 when unknown
 */
public record TokenCount(int prompt, int generated) {
  /** No model was called, or nothing is known. */
  public static final TokenCount NONE = new TokenCount(0, 0);

  /** Returns the count for a text whose prompt is unknown. */
  public static TokenCount ofText(int generated) {
    return new TokenCount(0, generated);
  }
}

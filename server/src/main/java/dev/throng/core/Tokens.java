package dev.throng.core;

/**
 * Guesses how many tokens a generator sees in a text, which only the generator's own tokenizer
 * could tell.
 */
public final class Tokens {
  /**
   * Rather few, so that the guess is rather high: English has about 4.2 characters a token in
   * llama3.2's vocabulary.
   */
  private static final double CHARS_A_TOKEN = 3.5;

  /** Above U+2E80 (CJK and the like) a character is about a token. */
  private static final int FIRST_DENSE_CHAR = 0x2E80;

  private Tokens() {}

  public static int estimate(CharSequence text) {
    int dense = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= FIRST_DENSE_CHAR) {
        dense++;
      }
    }
    return dense + (int) Math.ceil((text.length() - dense) / CHARS_A_TOKEN);
  }
}

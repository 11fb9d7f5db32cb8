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

  /** Letters in a row are at least so many to a token, on average over any text that reads well. */
  private static final int FEWEST_LETTERS_A_TOKEN = 3;

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

  /**
   * What a text may come to at most, where too few would be worse than too many: each digit, mark
   * and line break a token, a word one for three letters, and every byte of what is not ASCII.
   */
  public static int atMost(CharSequence text) {
    int tokens = 0;
    int letters = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (Character.isLetter(c) && c < 0x80) {
        letters++;
        continue;
      }
      tokens += (letters + FEWEST_LETTERS_A_TOKEN - 1) / FEWEST_LETTERS_A_TOKEN;
      letters = 0;
      if (c != ' ') {
        tokens += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    return tokens;
  }
}

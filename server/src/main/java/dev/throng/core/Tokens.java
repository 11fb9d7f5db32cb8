package dev.throng.core;

/**
 * Guesses how many tokens a generator sees in a text, which only the generator's own tokenizer
 * could tell.
 */
public final class Tokens {
  /** Letters in a row are at least so many to a token, on average over any text that reads well. */
  private static final int FEWEST_LETTERS_A_TOKEN = 3;

  private Tokens() {}

  /** For where a model's own {@link TokenRates} do not matter. */
  public static int estimate(CharSequence text) {
    return TokenRates.GUESS.estimate(text);
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

package dev.throng.core;

/**
 * Estimates how many tokens a generator sees in a text. Only the generator's own tokenizer could
 * give the exact number.
 */
public final class Tokens {
  /** The fewest letters per token in a run of letters, on average over any readable text. */
  private static final int MIN_LETTERS_PER_TOKEN = 3;

  private Tokens() {}

  /** Returns an estimate for uses where a model's own {@link TokenRates} do not matter. */
  public static int estimate(CharSequence text) {
    return TokenRates.GUESS.estimate(text);
  }

  /**
   * Returns an upper bound, for uses where too low an estimate is worse than too high a one. Each
   * digit, punctuation mark and line break counts as a token, a word as a token per three letters,
   * and a character outside ASCII as a token per byte.
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
      tokens += (letters + MIN_LETTERS_PER_TOKEN - 1) / MIN_LETTERS_PER_TOKEN;
      letters = 0;
      if (c != ' ') {
        tokens += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    return tokens;
  }
}

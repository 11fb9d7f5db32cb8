package dev.throng.core;

/**
 * How many tokens a model's tokenizer makes per UTF-16 unit of each {@link Script}. Texts are
 * measured with it without calling the model. The rates depend only on the model, so the same text
 * has the same length at any time and on any machine.
 */
public record TokenRates(
    double latin, double marks, double alphabets, double syllables, double dense) {
  /**
   * The rates for a model that has not been measured. They are rather high: English has about 4.2
   * characters per token in llama3.2's vocabulary, and a dense character is about one token.
   */
  public static final TokenRates GUESS = new TokenRates(1 / 3.5, 1 / 3.5, 1 / 3.5, 1 / 3.5, 1);

  /** Tolerance for rounding errors in the sum. */
  private static final double ROUNDING = 1e-6;

  public double of(Script script) {
    return switch (script) {
      case LATIN -> latin;
      case MARKS -> marks;
      case ALPHABETS -> alphabets;
      case SYLLABLES -> syllables;
      case DENSE -> dense;
    };
  }

  /** Returns these rates with another rate for one script. */
  public TokenRates with(Script script, double rate) {
    return switch (script) {
      case LATIN -> new TokenRates(rate, marks, alphabets, syllables, dense);
      case MARKS -> new TokenRates(latin, rate, alphabets, syllables, dense);
      case ALPHABETS -> new TokenRates(latin, marks, rate, syllables, dense);
      case SYLLABLES -> new TokenRates(latin, marks, alphabets, rate, dense);
      case DENSE -> new TokenRates(latin, marks, alphabets, syllables, rate);
    };
  }

  /** Returns the estimated number of tokens in the text. */
  public int estimate(CharSequence text) {
    double tokens = 0;
    for (int i = 0; i < text.length(); i++) {
      tokens += of(Script.of(text.charAt(i)));
    }
    return (int) Math.ceil(tokens - ROUNDING);
  }
}

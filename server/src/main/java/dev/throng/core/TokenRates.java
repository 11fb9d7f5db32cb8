package dev.throng.core;

/**
 * How many tokens a model's tokenizer makes of a character, by which texts are measured without
 * asking the model. A value of its model alone: the same text has the same length at any time and
 * on any machine. Each is tokens a UTF-16 unit of that {@link Script}.
 */
public record TokenRates(
    double latin, double marks, double alphabets, double syllables, double dense) {
  /**
   * For a model that nobody has measured; rather high: English has about 4.2 characters a token in
   * llama3.2's vocabulary, and a dense character is about a token.
   */
  public static final TokenRates GUESS = new TokenRates(1 / 3.5, 1 / 3.5, 1 / 3.5, 1 / 3.5, 1);

  /** What adding up may be off by. */
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

  /** The same, but for one script. */
  public TokenRates with(Script script, double rate) {
    return switch (script) {
      case LATIN -> new TokenRates(rate, marks, alphabets, syllables, dense);
      case MARKS -> new TokenRates(latin, rate, alphabets, syllables, dense);
      case ALPHABETS -> new TokenRates(latin, marks, rate, syllables, dense);
      case SYLLABLES -> new TokenRates(latin, marks, alphabets, rate, dense);
      case DENSE -> new TokenRates(latin, marks, alphabets, syllables, rate);
    };
  }

  /** About how many tokens the text is. */
  public int estimate(CharSequence text) {
    double tokens = 0;
    for (int i = 0; i < text.length(); i++) {
      tokens += of(Script.of(text.charAt(i)));
    }
    return (int) Math.ceil(tokens - ROUNDING);
  }
}

package dev.throng.core;

/** Classes of characters that a tokenizer treats alike. */
public enum Script {
  /** Letters of Latin alphabets, and blanks. */
  LATIN,
  /** Digits, punctuation and line breaks, which are frequent in tables and code. */
  MARKS,
  /** Greek, Cyrillic, Armenian, Hebrew, Arabic: two bytes in UTF-8. */
  ALPHABETS,
  /**
   * Indic and South-East Asian scripts, and all other characters below the next class: three bytes
   * in UTF-8.
   */
  SYLLABLES,
  /** Chinese, Japanese, Korean and pictographs, where one character carries much meaning. */
  DENSE;

  private static final int FIRST_ALPHABET = 0x250;
  private static final int FIRST_SYLLABLE = 0x800;
  private static final int FIRST_DENSE = 0x2E80;

  /** Returns the class of a UTF-16 unit. Both halves of a surrogate pair are dense. */
  public static Script of(char c) {
    if (c < FIRST_ALPHABET) {
      return c == ' ' || Character.isLetter(c) ? LATIN : MARKS;
    }
    return c < FIRST_SYLLABLE ? ALPHABETS : c < FIRST_DENSE ? SYLLABLES : DENSE;
  }
}

package dev.throng.core;

/** Kinds of characters, as far as a tokenizer treats them alike. */
public enum Script {
  /** Letters of Latin alphabets, and blanks. */
  LATIN,
  /** Digits, punctuation and line breaks: what tables and code are full of. */
  MARKS,
  /** Greek, Cyrillic, Armenian, Hebrew, Arabic: two bytes in UTF-8. */
  ALPHABETS,
  /** Indic and South-East Asian scripts, and the rest below the next: three bytes in UTF-8. */
  SYLLABLES,
  /** Chinese, Japanese, Korean, and pictures: a character says much. */
  DENSE;

  private static final int FIRST_ALPHABET = 0x250;
  private static final int FIRST_SYLLABLE = 0x800;
  private static final int FIRST_DENSE = 0x2E80;

  /** Of a UTF-16 unit; both halves of a surrogate pair are dense. */
  public static Script of(char c) {
    if (c < FIRST_ALPHABET) {
      return c == ' ' || Character.isLetter(c) ? LATIN : MARKS;
    }
    return c < FIRST_SYLLABLE ? ALPHABETS : c < FIRST_DENSE ? SYLLABLES : DENSE;
  }
}

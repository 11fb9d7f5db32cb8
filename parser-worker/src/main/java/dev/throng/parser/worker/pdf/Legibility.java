package dev.throng.parser.worker.pdf;

import dev.throng.parser.worker.pdf.PageText.Part;

/**
 * Counts the characters of a page, to find text that is nonsense because a font does not say which
 * characters its glyphs are.
 */
final class Legibility {
  private static final int MIN_CHARS = 40;
  private static final double MAX_UNKNOWN = 0.3;
  private static final double MIN_LETTERS = 0.3;

  /** Texts in Latin letters have a third of vowels; shifted alphabets have far fewer. */
  private static final double MIN_VOWELS = 0.2;

  private static final int MIN_LATIN = 200;
  private static final String VOWELS = "aeiouyAEIOUY";
  private static final String LEADERS = "._-\u00b7\u2026|";

  private int chars;
  private int unknown;
  private int letters;
  private int latin;
  private int vowels;

  /**
   * Returns whether most of a page's text is nonsense.
   *
   * @param unmapped number of glyphs without a character
   */
  static boolean isGarbled(Iterable<Part> parts, int unmapped) {
    Legibility page = new Legibility();
    page.chars = unmapped;
    page.unknown = unmapped;
    for (Part part : parts) {
      part.pieces().forEach(piece -> page.add(piece.text()));
    }
    return page.isGarbled();
  }

  private void add(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isRepeated = i > 0 && text.charAt(i - 1) == c && !Character.isLetterOrDigit(c);
      if (c != ' ' && LEADERS.indexOf(c) < 0 && !isRepeated) {
        chars++;
        boolean isLetter =
            Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
        letters += isLetter || Character.isSurrogate(c) ? 1 : 0;
        unknown += isUnknown(c) ? 1 : 0;
        boolean isLatin = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        latin += isLatin ? 1 : 0;
        vowels += isLatin && VOWELS.indexOf(c) >= 0 ? 1 : 0;
      }
    }
  }

  private static boolean isUnknown(char c) {
    return c == '\ufffd' || Character.getType(c) == Character.PRIVATE_USE || c < ' ';
  }

  private boolean isGarbled() {
    return chars >= MIN_CHARS
        && (unknown > MAX_UNKNOWN * chars
            || letters < MIN_LETTERS * chars
            || (latin >= MIN_LATIN && latin * 2 > letters && vowels < MIN_VOWELS * latin));
  }
}

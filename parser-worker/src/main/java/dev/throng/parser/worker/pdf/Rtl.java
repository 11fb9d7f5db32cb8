package dev.throng.parser.worker.pdf;

import java.text.Bidi;
import java.text.Normalizer;

/** Text from right to left, as in Arabic and Hebrew. */
final class Rtl {
  private Rtl() {}

  static boolean isIn(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (isRtl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRtl(char c) {
    return c >= 0x590
        && (c <= 0x8FF || (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC));
  }

  /** Returns whether most letters are read from right to left. */
  static boolean isMostly(CharSequence text) {
    int rtl = 0;
    int letters = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      rtl += isRtl(c) ? 1 : 0;
      letters += Character.isLetter(c) ? 1 : 0;
    }
    return 2 * rtl > letters;
  }

  /** Returns the text of a glyph from left to right. That of a ligature is as it is read. */
  static String visual(String glyph) {
    return glyph.length() > 1 && isIn(glyph)
        ? new StringBuilder(glyph).reverse().toString()
        : glyph;
  }

  /**
   * Returns a line's text in the order in which it is read.
   *
   * @param visual its characters as they stand, from left to right
   */
  static String logical(String visual) {
    int base = isMostly(visual) ? Bidi.DIRECTION_RIGHT_TO_LEFT : Bidi.DIRECTION_LEFT_TO_RIGHT;
    Bidi bidi = new Bidi(visual, base);
    int runs = bidi.getRunCount();
    byte[] levels = new byte[runs];
    Integer[] order = new Integer[runs];
    for (int i = 0; i < runs; i++) {
      levels[i] = (byte) bidi.getRunLevel(i);
      order[i] = i;
    }
    Bidi.reorderVisually(levels, 0, order, 0, runs);
    StringBuilder text = new StringBuilder(visual.length());
    for (int run : order) {
      String part = visual.substring(bidi.getRunStart(run), bidi.getRunLimit(run));
      text.append((levels[run] & 1) == 0 ? part : reversed(part));
    }
    return text.toString();
  }

  private static String reversed(String part) {
    StringBuilder text = new StringBuilder(part.length());
    for (int i = part.length() - 1; i >= 0; i--) {
      char c = part.charAt(i);
      text.append(Character.isMirrored(c) ? mirrored(c) : c);
    }
    return text.toString();
  }

  private static char mirrored(char c) {
    return switch (c) {
      case '(' -> ')';
      case ')' -> '(';
      case '[' -> ']';
      case ']' -> '[';
      case '{' -> '}';
      case '}' -> '{';
      case '<' -> '>';
      case '>' -> '<';
      case '\u00ab' -> '\u00bb';
      case '\u00bb' -> '\u00ab';
      default -> c;
    };
  }

  /** Returns text with the letters that ligatures and the shapes of Arabic letters stand for. */
  static String withoutShapes(String text) {
    StringBuilder plain = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isShape = (c >= 0xFB00 && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC);
      if (isShape && plain == null) {
        plain = new StringBuilder(text.substring(0, i));
      }
      if (plain != null) {
        plain.append(isShape ? Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKC) : c);
      }
    }
    return plain == null ? text : plain.toString();
  }
}

package dev.throng.parser.worker;

/**
 * Marks in the text of a cell that give its extent, which Tika does not pass on. They are added to
 * the XML of a document before Tika reads it. Their delimiters are noncharacters (Unicode 23.7),
 * which occur in no text.
 */
final class CellMarks {
  private static final char BEGIN = '\ufdd0';
  private static final char END = '\ufdd1';

  /** A longer mark is none. */
  private static final int MAX_CHARS = 32;

  private static final String FROM_ABOVE = "above";

  private final Markup markup;
  private final StringBuilder mark = new StringBuilder();
  private boolean isInMark;

  CellMarks(Markup markup) {
    this.markup = markup;
  }

  /** Returns the mark of a cell. */
  static String of(int columns, int rows) {
    return BEGIN + "" + columns + "," + rows + END;
  }

  /** Returns the mark of a cell that the one above it covers. */
  static String fromAbove(int columns) {
    return BEGIN + "" + columns + "," + FROM_ABOVE + END;
  }

  /** Returns a part of the text without its marks, which are applied to the current cell. */
  String apply(String part) {
    if (!isInMark && part.indexOf(BEGIN) < 0) {
      return part;
    }
    StringBuilder words = new StringBuilder(part.length());
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == BEGIN) {
        isInMark = true;
      } else if (!isInMark) {
        words.append(c);
      } else if (c == END || mark.length() == MAX_CHARS) {
        isInMark = false;
        apply();
      } else {
        mark.append(c);
      }
    }
    return words.toString();
  }

  private void apply() {
    String[] values = mark.toString().split(",", 2);
    mark.setLength(0);
    boolean isFromAbove = values.length > 1 && values[1].equals(FROM_ABOVE);
    markup.span(CellSpan.of(values[0], values.length > 1 && !isFromAbove ? values[1] : null));
    if (isFromAbove) {
      markup.coveredFromAbove();
    }
  }
}

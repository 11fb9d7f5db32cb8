package dev.throng.parser.worker;

import java.util.List;

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

  private static final String COVERED = "covered";
  private static final String HEADER = "header";
  private static final String HEADING = "level";

  private final Markup markup;
  private final StringBuilder mark = new StringBuilder();
  private boolean isInMark;

  CellMarks(Markup markup) {
    this.markup = markup;
  }

  /**
   * Returns the mark of a cell.
   *
   * @param isCovered whether it belongs to the cell above it
   * @param isHeader whether it names a column
   */
  static String of(CellSpan span, boolean isCovered, boolean isHeader) {
    return BEGIN
        + "%d,%d,%s,%s"
            .formatted(
                span.columns(), span.rows(), isCovered ? COVERED : "", isHeader ? HEADER : "")
        + END;
  }

  /** Returns the mark of a heading. */
  static String ofHeading(int level) {
    return BEGIN + HEADING + "," + level + END;
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
    List<String> values = List.of(mark.toString().split(",", 4));
    mark.setLength(0);
    if (values.getFirst().equals(HEADING) && values.size() == 2) {
      markup.heading(CellSpan.of(values.getLast(), null).columns());
    } else if (values.size() == 4) {
      markup.cell(
          CellSpan.of(values.get(0), values.get(1)),
          values.get(2).equals(COVERED),
          values.get(3).equals(HEADER));
    }
  }
}

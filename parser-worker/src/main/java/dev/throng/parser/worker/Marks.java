package dev.throng.parser.worker;

import java.util.List;
import java.util.function.Consumer;

/**
 * Marks in the text of a document that give its structure, which Tika does not pass on. They are
 * added to the XML of a document before Tika reads it. Their delimiters are noncharacters (Unicode
 * 23.7), which occur in no text.
 */
final class Marks {
  private static final char BEGIN = '\ufdd0';
  private static final char END = '\ufdd1';

  /** A longer mark is none. */
  private static final int MAX_CHARS = 32;

  private static final String CELL = "cell";
  private static final String COVERED = "covered";
  private static final String HEADER = "header";
  private static final String HEADING = "level";
  private static final String OPEN = "open";
  private static final String CLOSE = "close";

  private final Markup markup;
  private final Consumer<String> text;
  private final StringBuilder mark = new StringBuilder();
  private boolean isInMark;

  /**
   * Creates a reader of marks.
   *
   * @param text receives the text between marks
   */
  Marks(Markup markup, Consumer<String> text) {
    this.markup = markup;
    this.text = text;
  }

  /**
   * Returns the mark of a cell.
   *
   * @param isCovered whether it belongs to the cell above it
   * @param isHeader whether it names a column
   */
  static String cell(CellSpan span, boolean isCovered, boolean isHeader) {
    return mark(
        CELL,
        Integer.toString(span.columns()),
        Integer.toString(span.rows()),
        isCovered ? COVERED : "",
        isHeader ? HEADER : "");
  }

  /** Returns the mark of a heading. */
  static String heading(int level) {
    return mark(HEADING, Integer.toString(level));
  }

  /** Returns a text between the marks of an XHTML element. */
  static String element(String name, String content) {
    return mark(OPEN, name) + content + mark(CLOSE, name);
  }

  private static String mark(String... values) {
    return BEGIN + String.join(",", values) + END;
  }

  /** Passes on a part of the text and applies its marks. */
  void read(String part) {
    int from = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (isInMark) {
        boolean isEnd = c == END || mark.length() == MAX_CHARS;
        if (isEnd) {
          isInMark = false;
          apply(List.of(mark.toString().split(",", -1)));
          mark.setLength(0);
        } else {
          mark.append(c);
        }
        from = i + 1;
      } else if (c == BEGIN) {
        text.accept(part.substring(from, i));
        isInMark = true;
      }
    }
    if (!isInMark) {
      text.accept(part.substring(from));
    }
  }

  private void apply(List<String> values) {
    String kind = values.size() + values.getFirst();
    switch (kind) {
      case "5" + CELL ->
          markup.cell(
              CellSpan.of(values.get(1), values.get(2)),
              values.get(3).equals(COVERED),
              values.get(4).equals(HEADER));
      case "2" + HEADING -> markup.heading(CellSpan.of(values.get(1), null).columns());
      case "2" + OPEN -> markup.begin(values.get(1));
      case "2" + CLOSE -> markup.end(values.get(1));
      default -> {}
    }
  }
}

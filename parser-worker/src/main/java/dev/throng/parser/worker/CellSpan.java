package dev.throng.parser.worker;

import org.jspecify.annotations.Nullable;

/**
 * The extent of a table's cell.
 *
 * @param columns 1 to 100
 * @param rows 1 to 65534
 */
record CellSpan(int columns, int rows) {
  private static final int MAX_COLUMNS = 100;
  private static final int MAX_ROWS = 65_534;

  /** A single row and column. */
  static final CellSpan ONE = new CellSpan(1, 1);

  /** Returns an extent within the limits. */
  static CellSpan of(int columns, int rows) {
    return new CellSpan(Math.clamp(columns, 1, MAX_COLUMNS), Math.clamp(rows, 1, MAX_ROWS));
  }

  /** Parses the attributes of HTML, which may have any value. */
  static CellSpan of(@Nullable String colspan, @Nullable String rowspan) {
    return new CellSpan(count(colspan, MAX_COLUMNS), count(rowspan, MAX_ROWS));
  }

  private static int count(@Nullable String attribute, int most) {
    try {
      return attribute == null ? 1 : Math.clamp(Integer.parseInt(attribute.strip()), 1, most);
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}

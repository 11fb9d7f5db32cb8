package dev.throng.parser.worker;

import java.util.List;

/**
 * A cell of a table's grid. A merged cell stands in every place that it covers.
 *
 * @param isHeader whether its markup says that it names a row or column
 * @param covered how it continues the merged cell beside or above it
 */
record TableCell(String text, boolean isHeader, Covered covered) {
  /** Where the cell is that a place of the grid belongs to. */
  enum Covered {
    /** In this place. */
    NO,
    /** In this row, further left. */
    FROM_LEFT,
    /** In a row above. */
    FROM_ABOVE
  }

  static final TableCell EMPTY = new TableCell("", false, Covered.NO);

  boolean isBlank() {
    return text.isBlank();
  }

  /** Returns whether it has text that is not the text of the cell on its left. */
  boolean isFilled() {
    return covered != Covered.FROM_LEFT && !isBlank();
  }

  /** Returns whether a row has no text except that of merged cells which begin elsewhere. */
  static boolean isBlank(List<TableCell> row) {
    return row.stream().allMatch(cell -> cell.isBlank() || cell.covered() != Covered.NO);
  }

  /** Returns the number of cells with text, each merged one counted once. */
  static long filled(List<TableCell> row) {
    return row.stream().filter(TableCell::isFilled).count();
  }

  static List<String> texts(List<TableCell> row) {
    return row.stream().map(TableCell::text).toList();
  }
}

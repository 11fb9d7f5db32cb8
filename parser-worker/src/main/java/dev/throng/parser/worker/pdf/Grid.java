package dev.throng.parser.worker.pdf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A table with its place.
 *
 * @param rows each with the same number of cells. A cell is the pieces in it, in reading order
 */
record Grid(float left, float top, float right, float bottom, List<List<List<Piece>>> rows) {
  /** A cell with more text is not a cell: its table is used for the layout of a page. */
  private static final int MAX_CELL_CHARS = 1_500;

  private static final int MAX_CELL_LINES = 25;

  /** Lines of a cell with a wide gap. */
  private static final int MAX_WIDE_LINES = 2;

  /** Returns this as a piece, which stands where its first row is. */
  Piece asPiece() {
    float size =
        rows.stream()
            .flatMap(List::stream)
            .flatMap(List::stream)
            .findFirst()
            .map(Piece::size)
            .orElse(10f);
    float firstBaseline = Math.min(top + size, bottom);
    return new Piece("", left, right, firstBaseline, size, false, 0, this);
  }

  static long filled(List<List<Piece>> row) {
    return row.stream().filter(cell -> !cell.isEmpty()).count();
  }

  /**
   * Returns whether it has at least two rows and two columns with text, and no cell that is a
   * layout.
   */
  boolean isTable() {
    long rowsWithText = rows.stream().filter(row -> filled(row) > 0).count();
    boolean hasPairs = rows.stream().anyMatch(row -> filled(row) > 1);
    return rowsWithText > 1
        && hasPairs
        && rows.stream().flatMap(List::stream).noneMatch(Grid::isLayout);
  }

  /** Returns whether a cell holds a part of a page, with columns of its own or much text. */
  private static boolean isLayout(List<Piece> cell) {
    int chars = 0;
    for (Piece piece : cell) {
      chars += piece.text().length();
    }
    List<List<Piece>> lines = Pieces.rows(cell);
    long wide = lines.stream().filter(line -> line.size() > 1).count();
    return chars > MAX_CELL_CHARS || lines.size() > MAX_CELL_LINES || wide > MAX_WIDE_LINES;
  }

  /** Returns it without the columns and rows that have no text. */
  Grid compact() {
    int columns = rows.getFirst().size();
    List<List<List<Piece>>> kept = new ArrayList<>();
    rows.forEach(row -> kept.add(filled(row) == 0 ? Collections.emptyList() : new ArrayList<>()));
    for (int i = 0; i < columns; i++) {
      int column = i;
      if (rows.stream().anyMatch(row -> !row.get(column).isEmpty())) {
        for (int j = 0; j < rows.size(); j++) {
          if (filled(rows.get(j)) > 0) {
            kept.get(j).add(rows.get(j).get(column));
          }
        }
      }
    }
    kept.removeIf(List::isEmpty);
    return new Grid(left, top, right, bottom, kept);
  }
}

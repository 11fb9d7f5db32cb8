package dev.throng.parser.worker.pdf;

import dev.throng.parser.worker.pdf.Piece.Grid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Distinguishes tables from other uses of lines, and places them among the text. */
final class Tables {
  /** A cell with more text is not a cell: its table is used for the layout of a page. */
  private static final int MAX_CELL_CHARS = 1_500;

  private static final int MAX_CELL_LINES = 25;

  /** Lines of a cell with a wide gap. */
  private static final int MAX_WIDE_LINES = 2;

  private Tables() {}

  /** Returns a table as a piece, which stands where its first row is. */
  static Piece asPiece(Grid grid) {
    float size =
        grid.rows().stream()
            .flatMap(List::stream)
            .flatMap(List::stream)
            .findFirst()
            .map(Piece::size)
            .orElse(10f);
    float firstBaseline = Math.min(grid.top() + size, grid.bottom());
    return new Piece("", grid.left(), grid.right(), firstBaseline, size, false, 0, grid);
  }

  static long filled(List<List<Piece>> row) {
    return row.stream().filter(cell -> !cell.isEmpty()).count();
  }

  /**
   * Returns whether it has at least two rows and two columns with text, and no cell that is a
   * layout.
   */
  static boolean isTable(Grid grid) {
    List<List<List<Piece>>> rows = grid.rows();
    long rowsWithText = rows.stream().filter(row -> filled(row) > 0).count();
    boolean hasPairs = rows.stream().anyMatch(row -> filled(row) > 1);
    return rowsWithText > 1
        && hasPairs
        && rows.stream().flatMap(List::stream).noneMatch(Tables::isLayout);
  }

  /** Returns whether a cell holds a part of a page: several columns, or much text. */
  private static boolean isLayout(List<Piece> cell) {
    int chars = 0;
    for (Piece piece : cell) {
      chars += piece.text().length();
    }
    List<List<Piece>> lines = Pieces.rows(cell);
    long wide = lines.stream().filter(line -> line.size() > 1).count();
    return chars > MAX_CELL_CHARS || lines.size() > MAX_CELL_LINES || wide > MAX_WIDE_LINES;
  }

  /** Returns a table without the columns and rows that have no text. */
  static Grid compact(Grid grid) {
    List<List<List<Piece>>> rows = grid.rows();
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
    return new Grid(grid.left(), grid.top(), grid.right(), grid.bottom(), kept);
  }
}

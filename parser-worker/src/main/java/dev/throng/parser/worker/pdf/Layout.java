package dev.throng.parser.worker.pdf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the pieces of a page in reading order. Columns are read one after the other. Lines across
 * several columns are read between the parts of the columns above and below them (a recursive XY
 * cut; Nagy and Seth, 1984).
 */
final class Layout {
  /** Columns inside of columns. */
  private static final int MAX_DEPTH = 6;

  /** A column has at least this many lines. */
  private static final int MIN_ROWS = 2;

  private final List<Item> items = new ArrayList<>();
  private int column;

  private Layout(int firstColumn) {
    this.column = firstColumn;
  }

  /**
   * Returns the lines and tables of a page.
   *
   * @param firstColumn identifies the first column; each further one adds 1
   */
  static List<Item> order(List<Piece> pieces, int firstColumn) {
    Layout layout = new Layout(firstColumn);
    layout.read(Pieces.rows(pieces), 0);
    return layout.items;
  }

  private void read(List<List<Piece>> rows, int depth) {
    Gutter gutter = depth < MAX_DEPTH ? Gutter.in(rows) : null;
    if (gutter == null) {
      readColumn(rows);
      return;
    }
    List<List<Piece>> band = new ArrayList<>();
    boolean isAcross = false;
    for (List<Piece> row : rows) {
      boolean crosses = gutter.isCrossedBy(row);
      if (crosses != isAcross && !band.isEmpty()) {
        readBand(band, isAcross ? null : gutter, depth);
        band = new ArrayList<>();
      }
      isAcross = crosses;
      band.add(row);
    }
    readBand(band, isAcross ? null : gutter, depth);
  }

  private void readBand(List<List<Piece>> band, @Nullable Gutter gutter, int depth) {
    if (gutter == null) {
      read(band, depth + 1);
      return;
    }
    List<List<Piece>> left = gutter.sideOf(band, true);
    List<List<Piece>> right = gutter.sideOf(band, false);
    if (left.isEmpty() || right.isEmpty() || left.size() + right.size() < 2 * MIN_ROWS) {
      readColumn(band);
      return;
    }
    read(left, depth + 1);
    read(right, depth + 1);
  }

  /** Reads rows one after the other. */
  private void readColumn(List<List<Piece>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    float left = Float.MAX_VALUE;
    float right = -Float.MAX_VALUE;
    for (List<Piece> row : rows) {
      left = Math.min(left, row.getFirst().left());
      right = Math.max(right, row.getLast().right());
    }
    column++;
    for (AlignedTables.Part part : AlignedTables.gather(rows)) {
      switch (part) {
        case AlignedTables.Table table -> items.add(new Item.Table(table.grid()));
        case AlignedTables.Row row -> addRow(row.pieces(), left, right);
      }
    }
  }

  private void addRow(List<Piece> row, float left, float right) {
    List<Piece> text = new ArrayList<>();
    for (Piece piece : row) {
      if (piece.grid() == null) {
        text.add(piece);
      } else {
        items.add(new Item.Table(piece.grid()));
      }
    }
    if (!text.isEmpty()) {
      items.add(Line.of(text, left, right, column));
    }
  }
}

package dev.throng.parser.worker.pdf;

import java.util.ArrayList;
import java.util.List;

/** The columns of a table that is read row by row. */
final class Columns {
  private static final int MAX_COLUMNS = 60;

  /** How far a cell may be beside those above it, as a fraction of the size of its font. */
  private static final float MAX_DISTANCE = 1.5f;

  private final List<Float> lefts = new ArrayList<>();
  private final List<Float> rights = new ArrayList<>();

  Columns(List<Piece> row) {
    row.forEach(this::insert);
  }

  int count() {
    return lefts.size();
  }

  float left() {
    return lefts.getFirst();
  }

  float right() {
    return rights.getLast();
  }

  /** Returns whether each piece of a row is below at most one column, and no two below the same. */
  boolean admits(List<Piece> row) {
    int used = -1;
    for (Piece piece : row) {
      int first = firstEndingAfter(piece.left());
      boolean isBelow = isBelow(piece, first);
      if (isBelow(piece, first + 1)
          || (isBelow && first <= used)
          || (!isBelow && count() >= MAX_COLUMNS)) {
        return false;
      }
      used = isBelow ? first : used;
    }
    return true;
  }

  private boolean isBelow(Piece piece, int column) {
    return column < count() && lefts.get(column) < piece.right();
  }

  /**
   * Adds a row that is admitted. A piece beside a column is of it if the row has no other there.
   */
  void add(List<Piece> row) {
    boolean[] isTaken = new boolean[count()];
    for (Piece piece : row) {
      int column = firstEndingAfter(piece.left());
      if (isBelow(piece, column)) {
        isTaken[column] = true;
      }
    }
    List<Piece> others = new ArrayList<>();
    for (Piece piece : row) {
      int next = firstEndingAfter(piece.left());
      int near = isBelow(piece, next) ? next : nearest(piece, next, isTaken);
      if (near < 0) {
        others.add(piece);
      } else {
        isTaken[near] = true;
        extend(near, piece);
      }
    }
    others.forEach(this::insert);
  }

  /** Returns the free column that is closest to a piece between two columns, or -1. */
  private int nearest(Piece piece, int next, boolean[] isTaken) {
    float most = MAX_DISTANCE * piece.size();
    float toNext = next < count() && !isTaken[next] ? lefts.get(next) - piece.right() : most;
    float toLast = next > 0 && !isTaken[next - 1] ? piece.left() - rights.get(next - 1) : most;
    if (Math.min(toNext, toLast) >= most) {
      return -1;
    }
    return toNext <= toLast ? next : next - 1;
  }

  private void extend(int column, Piece piece) {
    lefts.set(column, Math.min(lefts.get(column), piece.left()));
    rights.set(column, Math.max(rights.get(column), piece.right()));
  }

  private void insert(Piece piece) {
    int column = firstEndingAfter(piece.left());
    if (isBelow(piece, column)) {
      extend(column, piece);
    } else {
      lefts.add(column, piece.left());
      rights.add(column, piece.right());
    }
  }

  private int firstEndingAfter(float place) {
    int index = 0;
    while (index < count() && rights.get(index) <= place) {
      index++;
    }
    return index;
  }

  int indexOf(Piece piece) {
    return Math.min(firstEndingAfter(piece.left()), count() - 1);
  }

  /** Returns the pieces in each column. */
  List<List<Piece>> cells(List<List<Piece>> rows) {
    List<List<Piece>> cells = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      cells.add(new ArrayList<>());
    }
    rows.forEach(row -> row.forEach(piece -> cells.get(indexOf(piece)).add(piece)));
    cells.removeIf(List::isEmpty);
    return cells;
  }
}

package dev.throng.parser.worker.pdf;

import dev.throng.parser.worker.pdf.Piece.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/** The cells between lines that touch each other. */
final class RuledGrid {
  /** With fewer rows of cells, a row with several lines may be several rows without lines. */
  private static final int MAX_ROWS_TO_SPLIT = 3;

  private static final int MIN_LINES_TO_SPLIT = 3;

  private final float[] x;
  private final float[] y;

  /** Whether a line is drawn to the left of a cell. */
  private final boolean[][] lefts;

  /** Whether a line is drawn above a cell. */
  private final boolean[][] tops;

  private RuledGrid(float[] x, float[] y) {
    this.x = x;
    this.y = y;
    this.lefts = new boolean[rows()][columns() + 1];
    this.tops = new boolean[rows() + 1][columns()];
  }

  static RuledGrid of(List<Rule> horizontals, List<Rule> verticals) {
    RuledGrid grid = new RuledGrid(places(verticals, horizontals), places(horizontals, verticals));
    for (Rule vertical : verticals) {
      int column = index(grid.x, vertical.at());
      for (int row = 0; row < grid.rows(); row++) {
        grid.lefts[row][column] |= vertical.covers((grid.y[row] + grid.y[row + 1]) / 2);
      }
    }
    for (Rule horizontal : horizontals) {
      int row = index(grid.y, horizontal.at());
      for (int column = 0; column < grid.columns(); column++) {
        grid.tops[row][column] |= horizontal.covers((grid.x[column] + grid.x[column + 1]) / 2);
      }
    }
    return grid;
  }

  /** Returns the places of lines, and those where the lines across begin and end. */
  private static float[] places(List<Rule> lines, List<Rule> across) {
    List<Float> all = new ArrayList<>();
    lines.forEach(line -> all.add(line.at()));
    float first = Float.MAX_VALUE;
    float last = -Float.MAX_VALUE;
    for (Rule rule : across) {
      first = Math.min(first, rule.from());
      last = Math.max(last, rule.to());
    }
    all.add(first);
    all.add(last);
    Collections.sort(all);
    float[] places = new float[all.size()];
    int count = 0;
    for (float place : all) {
      if (count == 0 || place - places[count - 1] > 2 * Rule.TOLERANCE) {
        places[count++] = place;
      }
    }
    return Arrays.copyOf(places, count);
  }

  private static int index(float[] places, float place) {
    int found = below(places, place);
    boolean isNext = found + 1 < places.length && places[found + 1] - place < place - places[found];
    return isNext ? found + 1 : found;
  }

  /** Returns the index of the last place that is not beyond the given one, at least 0. */
  private static int below(float[] places, float place) {
    int found = Arrays.binarySearch(places, place);
    return Math.max(0, found >= 0 ? found : -found - 2);
  }

  int rows() {
    return Math.max(0, y.length - 1);
  }

  int columns() {
    return Math.max(0, x.length - 1);
  }

  float top() {
    return y[0];
  }

  boolean contains(Piece piece) {
    float center = (piece.left() + piece.right()) / 2;
    float middle = middle(piece);
    return x[0] <= center && center <= x[columns()] && y[0] <= middle && middle <= y[rows()];
  }

  private static float middle(Piece piece) {
    return piece.baseline() - piece.size() / 3;
  }

  Grid table(Collection<Piece> pieces) {
    List<List<List<Piece>>> cells = new ArrayList<>();
    for (int row = 0; row < rows(); row++) {
      List<List<Piece>> ofRow = new ArrayList<>();
      for (int column = 0; column < columns(); column++) {
        ofRow.add(new ArrayList<>());
      }
      cells.add(ofRow);
    }
    for (Piece piece : pieces) {
      int row = Math.min(below(y, middle(piece)), rows() - 1);
      int column = Math.min(below(x, (piece.left() + piece.right()) / 2), columns() - 1);
      while (column > 0 && !lefts[row][column]) {
        column--;
      }
      while (row > 0 && !tops[row][column]) {
        row--;
      }
      cells.get(row).get(column).add(piece);
    }
    cells.forEach(row -> row.replaceAll(RuledGrid::inOrder));
    repeatTallCells(cells);
    return new Grid(x[0], y[0], x[columns()], y[rows()], split(cells));
  }

  private static List<Piece> inOrder(List<Piece> cell) {
    List<Piece> ordered = new ArrayList<>();
    Pieces.rows(cell).forEach(ordered::addAll);
    return ordered;
  }

  /** Repeats a cell over several rows in each of them, unless no other cell is beside it. */
  private void repeatTallCells(List<List<List<Piece>>> cells) {
    for (int row = 1; row < rows(); row++) {
      boolean isOwnRow = false;
      for (int column = 0; column < columns(); column++) {
        isOwnRow |= tops[row][column] && !cells.get(row).get(column).isEmpty();
      }
      for (int column = 0; column < columns() && isOwnRow; column++) {
        if (!tops[row][column] && cells.get(row).get(column).isEmpty()) {
          cells.get(row).set(column, cells.get(row - 1).get(column));
        }
      }
    }
  }

  /** Splits rows that are not separated by lines. */
  private List<List<List<Piece>>> split(List<List<List<Piece>>> cells) {
    if (rows() > MAX_ROWS_TO_SPLIT) {
      return cells;
    }
    List<List<List<Piece>>> all = new ArrayList<>();
    for (List<List<Piece>> row : cells) {
      IdentityHashMap<Piece, Integer> columns = new IdentityHashMap<>();
      for (int column = 0; column < row.size(); column++) {
        for (Piece piece : row.get(column)) {
          columns.put(piece, column);
        }
      }
      List<List<Piece>> lines = Pieces.rows(List.copyOf(columns.keySet()));
      long pairs = lines.stream().filter(line -> isOfSeveral(line, columns)).count();
      if (lines.size() >= MIN_LINES_TO_SPLIT && pairs * 5 >= lines.size() * 4L) {
        lines.forEach(line -> all.add(cut(line, columns, row.size())));
      } else {
        all.add(row);
      }
    }
    return all;
  }

  private static boolean isOfSeveral(List<Piece> line, IdentityHashMap<Piece, Integer> columns) {
    return line.stream().map(columns::get).distinct().count() > 1;
  }

  private static List<List<Piece>> cut(
      List<Piece> line, IdentityHashMap<Piece, Integer> columns, int count) {
    List<List<Piece>> cells = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cells.add(new ArrayList<>());
    }
    line.forEach(piece -> cells.get(columns.getOrDefault(piece, 0)).add(piece));
    return cells;
  }
}

package dev.throng.parser.worker.pdf;

import dev.throng.parser.worker.pdf.Piece.Grid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds tables without lines, whose cells stand below each other in consecutive rows. */
final class AlignedTables {
  private static final int MIN_ROWS = 3;

  /** The distance of rows at which a table ends, as a fraction of the size of its font. */
  private static final float MAX_ROW_GAP = 3.5f;

  /** Cells of two columns are of a table only if most of them begin or end at the same place. */
  private static final double MIN_ALIGNED = 0.6;

  private static final int MAX_CELL_CHARS = 120;

  private final List<Part> parts = new ArrayList<>();
  private final List<List<Piece>> run = new ArrayList<>();
  private @Nullable Columns columns;

  /** A row or a table. */
  sealed interface Part permits Row, Table {}

  /** A row that is not of a table. */
  record Row(List<Piece> pieces) implements Part {}

  /** A table in the place of its rows. */
  record Table(Grid grid) implements Part {}

  /** Returns the rows that are of no table, and the tables. */
  static List<Part> gather(List<List<Piece>> rows) {
    AlignedTables tables = new AlignedTables();
    for (List<Piece> row : rows) {
      tables.add(row);
    }
    tables.end();
    return tables.parts;
  }

  private void add(List<Piece> row) {
    boolean isText = row.stream().allMatch(piece -> piece.grid() == null);
    if (!isText || isFar(row)) {
      end();
    }
    if (columns != null && columns.admits(row)) {
      columns.add(row);
      run.add(row);
      return;
    }
    end();
    if (isText && row.size() > 1) {
      columns = new Columns(row);
      run.add(row);
    } else {
      parts.add(new Row(row));
    }
  }

  private boolean isFar(List<Piece> row) {
    if (run.isEmpty()) {
      return false;
    }
    Piece before = run.getLast().getFirst();
    Piece first = row.getFirst();
    return first.baseline() - before.baseline()
        > MAX_ROW_GAP * Math.max(first.size(), before.size());
  }

  private void end() {
    int last = run.size();
    while (last > 0 && run.get(last - 1).size() == 1) {
      last--; // what follows a table and fits below its first column is text
    }
    if (columns != null && isTable(run.subList(0, last))) {
      parts.add(new Table(grid(columns, run.subList(0, last))));
      run.subList(last, run.size()).forEach(row -> parts.add(new Row(row)));
    } else {
      run.forEach(row -> parts.add(new Row(row)));
    }
    run.clear();
    columns = null;
  }

  private boolean isTable(List<List<Piece>> rows) {
    long pairs = rows.stream().filter(row -> row.size() > 1).count();
    if (columns == null || pairs < MIN_ROWS || pairs * 10 < rows.size() * 6L) {
      return false;
    }
    if (rows.stream().flatMap(List::stream).anyMatch(AlignedTables::isNoCell)) {
      return false;
    }
    List<List<Piece>> cells = columns.cells(rows);
    return cells.size() > 2
        ? cells.stream().filter(AlignedTables::isAligned).count() * 2 > cells.size()
        : !isOfMarks(cells.getFirst()) && isAligned(cells.get(0)) && isAligned(cells.get(1));
  }

  private static boolean isNoCell(Piece piece) {
    String text = piece.text();
    return text.length() > MAX_CELL_CHARS || TextShape.hasLeader(text);
  }

  /** Returns whether a column holds the marks of a list, or the names of a form's fields. */
  private static boolean isOfMarks(List<Piece> column) {
    long marks =
        column.stream()
            .filter(cell ->
                cell.text().endsWith(":")
                    || TextShape.startsWithBullet(cell.text() + " ")
                    || TextShape.startsWithNumber(cell.text() + " "))
            .count();
    return marks * 2 > column.size();
  }

  private static boolean isAligned(List<Piece> column) {
    return Math.max(
            Math.max(
                mostEqual(column.stream().map(Piece::left).toList(), column),
                mostEqual(column.stream().map(Piece::right).toList(), column)),
            mostEqual(
                column.stream().map(cell -> (cell.left() + cell.right()) / 2).toList(), column))
        >= MIN_ALIGNED * column.size();
  }

  private static int mostEqual(List<Float> places, List<Piece> column) {
    float tolerance = column.getFirst().size() * 0.6f;
    List<Float> sorted = places.stream().sorted().toList();
    int most = 0;
    int first = 0;
    for (int i = 0; i < sorted.size(); i++) {
      while (sorted.get(i) - sorted.get(first) > tolerance) {
        first++;
      }
      most = Math.max(most, i - first + 1);
    }
    return most;
  }

  private static Grid grid(Columns columns, List<List<Piece>> rows) {
    List<List<List<Piece>>> cells = new ArrayList<>();
    float bottom = 0;
    for (List<Piece> row : rows) {
      List<List<Piece>> ofRow = new ArrayList<>();
      for (int i = 0; i < columns.count(); i++) {
        ofRow.add(new ArrayList<>());
      }
      row.forEach(piece -> ofRow.get(columns.indexOf(piece)).add(piece));
      boolean isRest = !cells.isEmpty() && isRestOf(cells, ofRow, rows);
      if (isRest) {
        for (int i = 0; i < ofRow.size(); i++) {
          cells.getLast().get(i).addAll(ofRow.get(i));
        }
      } else {
        cells.add(ofRow);
      }
      bottom = Math.max(bottom, row.getFirst().bottom());
    }
    return new Grid(
        columns.left(), rows.getFirst().getFirst().top(), columns.right(), bottom, cells);
  }

  /** Returns whether a row continues the cells of the one before, to which it is closer. */
  private static boolean isRestOf(
      List<List<List<Piece>>> cells, List<List<Piece>> row, List<List<Piece>> rows) {
    if (!row.getFirst().isEmpty() || cells.getLast().getFirst().isEmpty()) {
      return false;
    }
    float distance = baseline(row) - baseline(cells.getLast());
    float usual = (rows.getLast().getFirst().baseline() - rows.getFirst().getFirst().baseline());
    return distance < 0.8f * usual / Math.max(1, rows.size() - 1);
  }

  private static float baseline(List<List<Piece>> cells) {
    float last = 0;
    for (List<Piece> cell : cells) {
      for (Piece piece : cell) {
        last = Math.max(last, piece.baseline());
      }
    }
    return last;
  }
}

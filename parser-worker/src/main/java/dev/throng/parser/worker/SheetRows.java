package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Separates the tables of a sheet that are beside each other, with empty columns between them, and
 * passes each to {@link StackedTables}.
 */
final class SheetRows implements RowSink {
  /** How many rows are held to find the columns that are empty in all of them. */
  private static final int HELD_ROWS = 100;

  private final TextBuilder text;

  /** Rows without a blank one between them. */
  private final List<List<TableCell>> held = new ArrayList<>();

  private int heldChars;

  /** The first columns of tables that are beside each other, and these tables. */
  private List<Integer> starts = List.of();

  private List<StackedTables> tables = List.of();
  private boolean isStarted;

  SheetRows(TextBuilder text) {
    this.text = text;
  }

  @Override
  public void row(List<TableCell> cells) {
    if (TableCell.isBlank(cells)) {
      endBand();
      return;
    }
    held.add(cells);
    heldChars += cells.stream().mapToInt(cell -> cell.text().length()).sum();
    if (held.size() == HELD_ROWS || heldChars > TextBuilder.MAX_BLOCK_CHARS) {
      flush();
    }
  }

  @Override
  public void end() {
    endBand();
    tables.forEach(StackedTables::end);
    tables = List.of();
  }

  private void endBand() {
    flush();
    isStarted = false;
    if (tables.size() == 1) {
      tables.getFirst().row(List.of());
    } else {
      tables.forEach(StackedTables::end);
      tables = List.of();
    }
  }

  private void flush() {
    if (held.isEmpty()) {
      return;
    }
    if (!isStarted) {
      start();
    }
    for (int i = 0; i < tables.size(); i++) {
      StackedTables table = tables.get(i);
      if (tables.size() > 1) {
        table.resume();
      }
      int end = i + 1 < starts.size() ? starts.get(i + 1) : Integer.MAX_VALUE;
      for (List<TableCell> cells : held) {
        table.row(part(cells, i == 0 ? firstColumn(cells, starts.getFirst()) : starts.get(i), end));
      }
    }
    held.clear();
    heldChars = 0;
  }

  /** Returns the first column of a row if it is before that of its table. */
  private static int firstColumn(List<TableCell> cells, int start) {
    int column = 0;
    while (column < start && (column >= cells.size() || cells.get(column).isBlank())) {
      column++;
    }
    return column;
  }

  /** Returns the cells of some columns without blank ones at the end. */
  private static List<TableCell> part(List<TableCell> cells, int from, int to) {
    int end = Math.min(to, cells.size());
    while (end > from && cells.get(end - 1).isBlank()) {
      end--;
    }
    return cells.subList(Math.min(from, end), end);
  }

  private void start() {
    isStarted = true;
    List<Integer> found = findStarts();
    boolean continues = tables.size() == 1 && found.size() == 1 && isBelow(found.getFirst());
    if (continues) {
      return;
    }
    tables.forEach(StackedTables::end);
    starts = found;
    tables = found.stream().map(start -> new StackedTables(text)).toList();
  }

  /**
   * Returns whether the held rows may continue the table above, whose columns start further left.
   */
  private boolean isBelow(int start) {
    return start >= starts.getFirst();
  }

  /** Returns the first columns of the tables in the held rows, in order. */
  private List<Integer> findStarts() {
    BitSet used = new BitSet();
    for (List<TableCell> cells : held) {
      boolean isTitle = HeaderRows.isTitle(cells);
      for (int column = 0; column < cells.size(); column++) {
        TableCell cell = cells.get(column);
        if (isTitle ? cell.isFilled() : !cell.isBlank()) {
          used.set(column);
        }
      }
    }
    List<Integer> found = new ArrayList<>();
    int start = used.nextSetBit(0);
    found.add(start);
    for (int next = nextRun(used, start); next >= 0; next = nextRun(used, next)) {
      boolean isSeparate =
          isTable(found.getLast(), used.previousSetBit(next - 1) + 1)
              && isTable(next, used.nextClearBit(next));
      if (isSeparate) {
        found.add(next);
      }
    }
    return found;
  }

  private static int nextRun(BitSet used, int start) {
    return used.nextSetBit(used.nextClearBit(start));
  }

  /** Returns whether columns are a separate table: at least two, with a header. */
  private boolean isTable(int from, int to) {
    List<List<TableCell>> rows =
        held.stream()
            .map(cells -> part(cells, from, to))
            .filter(cells -> TableCell.filled(cells) > 1)
            .limit(5)
            .toList();
    return to - from > 1 && HeaderRows.count(rows) > 0;
  }
}

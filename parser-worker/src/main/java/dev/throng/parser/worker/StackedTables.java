package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Separates the tables of a sheet that are below each other, with blank rows between them. Rows
 * after a blank one begin another table if they have a header that differs from the rows above.
 */
final class StackedTables implements RowSink {
  /** How many rows after a blank one are held to find their header. */
  private static final int HELD_ROWS = 8;

  /** Single cells above a table that may be its titles. */
  private static final int MAX_CAPTIONS = 3;

  private final TextBuilder text;

  /** The first rows after a blank one, and single cells in rows before it. */
  private final List<List<TableCell>> held = new ArrayList<>();

  private TableRows table;
  private boolean isStarted;
  private boolean isAfterBlank = true;

  /** The columns of the table's rows that have contained a number. */
  private final BitSet numbers = new BitSet();

  /** The first and last columns of the table. */
  private int first = Integer.MAX_VALUE;

  private int last;

  StackedTables(TextBuilder text) {
    this.text = text;
    this.table = new TableRows(text);
  }

  @Override
  public void row(List<TableCell> cells) {
    if (TableCell.isBlank(cells)) {
      flush();
      isAfterBlank = true;
    } else if (isAfterBlank) {
      held.add(cells);
      if (rows().size() == HELD_ROWS) {
        flush();
      }
      endTitles();
    } else {
      add(cells);
    }
  }

  /** Continues the table after rows of other ones. */
  void resume() {
    table.resume();
  }

  @Override
  public void end() {
    flush();
    table.end();
    held.forEach(this::paragraph);
    held.clear();
  }

  /** Writes the held rows, if they are more than titles. */
  private void flush() {
    List<List<TableCell>> rows = rows();
    if (rows.isEmpty()) {
      return;
    }
    if (isNewTable(rows)) {
      table.end();
      table = new TableRows(text);
      numbers.clear();
      first = Integer.MAX_VALUE;
      last = 0;
    }
    isAfterBlank = false;
    List<List<TableCell>> all = List.copyOf(held);
    held.clear();
    all.forEach(this::add);
  }

  /** Returns the held rows without the titles before them. */
  private List<List<TableCell>> rows() {
    return held.subList(titles(), held.size());
  }

  private int titles() {
    int titles = 0;
    while (titles < held.size() && HeaderRows.isTitle(held.get(titles))) {
      titles++;
    }
    return titles;
  }

  private void endTitles() {
    boolean isMany = rows().isEmpty() && held.size() > MAX_CAPTIONS;
    if (isMany) {
      table.end();
      table = new TableRows(text);
      isStarted = false;
      paragraph(held.removeFirst());
    }
  }

  private boolean isNewTable(List<List<TableCell>> rows) {
    int headers = HeaderRows.count(rows);
    if (!isStarted || headers == 0) {
      return false;
    }
    List<TableCell> header = rows.get(headers - 1);
    boolean hasOtherColumns = first(header) != first || last(header) != last;
    boolean isNamedOtherwise =
        numbers.stream()
            .anyMatch(
                column -> column < header.size() && HeaderRows.isWord(header.get(column).text()));
    return titles() > 0 || hasOtherColumns || isNamedOtherwise;
  }

  private void add(List<TableCell> cells) {
    table.row(cells);
    isStarted = true;
    first = Math.min(first, first(cells));
    last = Math.max(last, last(cells));
    for (int column = 0; column < cells.size(); column++) {
      TableCell cell = cells.get(column);
      if (!cell.isBlank() && !HeaderRows.isWord(cell.text())) {
        numbers.set(column);
      }
    }
  }

  private static int first(List<TableCell> cells) {
    int column = 0;
    while (cells.get(column).isBlank()) {
      column++;
    }
    return column;
  }

  private static int last(List<TableCell> cells) {
    int column = cells.size() - 1;
    while (cells.get(column).isBlank()) {
      column--;
    }
    return column;
  }

  private void paragraph(List<TableCell> cells) {
    text.paragraph(TableRows.joined(cells));
  }
}

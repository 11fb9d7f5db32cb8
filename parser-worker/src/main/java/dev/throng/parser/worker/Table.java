package dev.throng.parser.worker;

import dev.throng.parser.worker.TableCell.Covered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the grid of a table from its markup. A cell over several rows or columns is repeated in
 * each place that it covers, so that every row can be understood alone.
 */
final class Table {
  /**
   * Maximum length of the repeated text of a row. A file of a few bytes could otherwise expand to a
   * huge text.
   */
  private static final int MAX_REPEATED_CHARS = 2_000;

  private final RowSink sink;
  private final List<TableCell> row = new ArrayList<>();

  /** Cells that extend into rows below, by column. */
  private final Map<Integer, Hanging> hanging = new HashMap<>();

  private List<TableCell> above = List.of();
  private int rowNumber;
  private int repeatedChars;

  /** A cell over several rows, with the number of the last one. */
  private record Hanging(TableCell cell, int lastRow) {}

  Table(RowSink sink) {
    this.sink = sink;
  }

  /** Adds a cell and the places that it covers. */
  void cell(String content, boolean isHeader, CellSpan span) {
    fillHanging();
    String words = TextBuilder.clean(content);
    for (int i = 0; i < span.columns(); i++) {
      boolean isFirst = i == 0;
      TableCell cell =
          new TableCell(
              isFirst ? words : repeated(words),
              isHeader,
              isFirst ? Covered.NO : Covered.FROM_LEFT);
      if (span.rows() > 1) {
        hanging.put(row.size(), new Hanging(cell, rowNumber + span.rows() - 1));
      }
      row.add(cell);
    }
  }

  /** Adds places that belong to the cell above them. */
  void coveredFromAbove(int columns) {
    for (int i = 0; i < columns; i++) {
      row.add(row.size() < above.size() ? below(above.get(row.size())) : TableCell.EMPTY);
    }
  }

  private void fillHanging() {
    Hanging next = hanging.get(row.size());
    while (next != null && next.lastRow() >= rowNumber) {
      row.add(below(next.cell()));
      next = hanging.get(row.size());
    }
  }

  private TableCell below(TableCell cell) {
    boolean isFirst = cell.covered() != Covered.FROM_LEFT;
    return new TableCell(
        repeated(cell.text()), cell.isHeader(), isFirst ? Covered.FROM_ABOVE : Covered.FROM_LEFT);
  }

  private String repeated(String words) {
    if (repeatedChars + words.length() > MAX_REPEATED_CHARS) {
      return "";
    }
    repeatedChars += words.length();
    return words;
  }

  void endRow() {
    if (!row.isEmpty()) {
      fillHanging();
    }
    rowNumber++;
    above = List.copyOf(row);
    sink.row(above);
    row.clear();
    repeatedChars = 0;
  }

  void end() {
    if (!row.isEmpty()) {
      endRow();
    }
    sink.end();
  }
}

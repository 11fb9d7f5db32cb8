package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a table from its markup. Its header is its row of header cells, or the first row with two
 * cells of words if rows follow. A single cell in a row before it is a caption.
 */
final class Table {
  /** Maximum number of single-cell rows before the header. */
  private static final int MAX_CAPTIONS = 5;

  private final TextBuilder text;
  private final List<String> row = new ArrayList<>();
  private final List<List<String>> held = new ArrayList<>();

  /** Cells that extend into rows below, by column. */
  private final Map<Integer, Hanging> hanging = new HashMap<>();

  private boolean isHeaderRow = true;
  private boolean hasHeader;
  private int rows;
  private int rowNumber;

  /** A cell over several rows, with the number of the last one. */
  private record Hanging(String content, int lastRow) {}

  Table(TextBuilder text) {
    this.text = text;
  }

  /**
   * Adds a cell. A cell over several columns fills the first one, and a cell over several rows
   * fills all of them.
   */
  void cell(String content, boolean isHeader, Span span) {
    fillHanging();
    isHeaderRow &= isHeader;
    for (int i = 0; i < span.columns(); i++) {
      String shown = i == 0 ? content : "";
      if (span.rows() > 1) {
        hanging.put(row.size(), new Hanging(shown, rowNumber + span.rows() - 1));
      }
      row.add(shown);
    }
  }

  private void fillHanging() {
    Hanging above = hanging.get(row.size());
    while (above != null && above.lastRow() >= rowNumber) {
      row.add(above.content());
      above = hanging.get(row.size());
    }
  }

  void endRow() {
    if (!row.isEmpty()) {
      fillHanging();
    }
    rowNumber++;
    List<String> cells = List.copyOf(row);
    boolean isOfHeaders = isHeaderRow && !cells.isEmpty();
    row.clear();
    isHeaderRow = true;
    long filled = cells.stream().filter(cell -> !cell.isBlank()).count();
    if (filled == 0) {
      return;
    }
    rows++;
    if (hasHeader) {
      text.tableRow(cells, false);
    } else if (!held.isEmpty()) {
      List<String> first = held.removeFirst();
      boolean isCaption = filled(first) == 1 && filled > 1;
      if (isCaption) {
        text.paragraph(String.join(" ", first));
        held.add(cells);
      } else {
        text.tableRow(first, isHeaderLike(first));
        hasHeader = true;
        text.tableRow(cells, false);
      }
    } else if (isOfHeaders) {
      text.tableRow(cells, true);
      hasHeader = true;
    } else {
      held.add(cells);
    }
    if (rows > MAX_CAPTIONS) {
      flush();
    }
  }

  void end() {
    if (!row.isEmpty()) {
      endRow();
    }
    flush();
  }

  private void flush() {
    held.forEach(cells -> text.tableRow(cells, false));
    held.clear();
    hasHeader = hasHeader || rows > 0;
  }

  private static long filled(List<String> cells) {
    return cells.stream().filter(cell -> !cell.isBlank()).count();
  }

  /**
   * Returns whether a row looks like a header: it has at least two cells, most of them words. A row
   * of numbers is not a header.
   */
  private static boolean isHeaderLike(List<String> cells) {
    long words =
        cells.stream().filter(cell -> cell.codePoints().anyMatch(Character::isLetter)).count();
    return filled(cells) >= 2 && words * 2 >= filled(cells);
  }
}

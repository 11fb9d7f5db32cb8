package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes the rows of one table: captions, a header with the name of each column, and the other
 * rows. The header is the rows of header cells, or the first row with two cells of words if rows
 * follow. A single cell in a row before it is a caption.
 */
final class TableRows implements RowSink {
  /** How many rows are held until it is known which of them are captions and header. */
  private static final int HELD_ROWS = 10;

  /** Maximum number of single-cell rows before the header. */
  private static final int MAX_CAPTIONS = 5;

  private final TextBuilder text;
  private final List<List<TableCell>> held = new ArrayList<>();
  private List<String> header = List.of();
  private boolean isStarted;

  TableRows(TextBuilder text) {
    this.text = text;
  }

  @Override
  public void row(List<TableCell> cells) {
    if (TableCell.isBlank(cells)) {
      return;
    }
    if (isStarted) {
      write(cells);
      return;
    }
    held.add(cells);
    if (held.size() == HELD_ROWS) {
      start();
    }
  }

  @Override
  public void end() {
    if (!isStarted) {
      start();
    }
    text.endTable();
  }

  /** Writes the header again, after rows of other tables. */
  void resume() {
    if (isStarted && !header.isEmpty()) {
      text.tableRow(header, true);
    }
  }

  private void start() {
    isStarted = true;
    int captions = captions();
    held.subList(0, captions).forEach(caption -> text.tableCaption(joined(caption)));
    List<List<TableCell>> rows = held.subList(captions, held.size());
    int headers = HeaderRows.count(rows);
    if (headers > 0) {
      header = HeaderRows.joined(rows.subList(0, headers));
      text.tableRow(header, true);
    }
    rows.subList(headers, rows.size()).forEach(this::write);
    held.clear();
  }

  /** Returns the number of rows with a single cell before the first one with more cells. */
  private int captions() {
    int captions = 0;
    while (captions < held.size() && HeaderRows.isTitle(held.get(captions))) {
      captions++;
    }
    boolean isCaptioned = captions < held.size() && captions <= MAX_CAPTIONS;
    return isCaptioned ? captions : 0;
  }

  private void write(List<TableCell> cells) {
    boolean isHeader = HeaderRows.isMarked(cells) && TableCell.filled(cells) > 1;
    boolean isSection =
        TableCell.filled(cells) == 1 && cells.stream().noneMatch(TableCell::isBlank);
    text.tableRow(isSection ? List.of(joined(cells)) : TableCell.texts(cells), isHeader);
  }

  /** Returns the text of a row, in which each merged cell stands once. */
  static String joined(List<TableCell> cells) {
    return String.join(
        " ", cells.stream().filter(TableCell::isFilled).map(TableCell::text).toList());
  }
}

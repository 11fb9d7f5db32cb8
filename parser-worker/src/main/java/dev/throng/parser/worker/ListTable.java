package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A reStructuredText table in the form of a list of rows, each a list of cells. */
final class ListTable extends IndentedBlock {
  private static final Pattern HEADER_ROWS = Pattern.compile("\\s*:header-rows: *(\\d{1,3})");
  private static final Pattern ROW = Pattern.compile("\\s*[*+-] +(-)(?: +(.*))?");
  private static final Pattern CELL = Pattern.compile("\\s*(-)(?: +(.*))?");

  private final TextBuilder text;
  private final List<StringBuilder> cells = new ArrayList<>();
  private int headerRows;
  private int dash;
  private int chars;

  ListTable(int outer, TextBuilder text) {
    super(outer);
    this.text = text;
  }

  @Override
  void add(String line) {
    Matcher header = HEADER_ROWS.matcher(line);
    Matcher row = ROW.matcher(line);
    Matcher cell = CELL.matcher(line);
    if (row.matches() && (dash == 0 || row.start(1) == dash)) {
      endRow();
      dash = row.start(1);
      beginCell(row.group(2));
    } else if (cell.matches() && cell.start(1) == dash) {
      beginCell(cell.group(2));
    } else if (dash > 0) {
      continueCell(line);
    } else if (header.matches()) {
      headerRows = Integer.parseInt(header.group(1));
    }
    chars += line.length();
    if (chars > TextBuilder.MAX_BLOCK_CHARS) { // not a real row
      endRow();
    }
  }

  @Override
  public void end() {
    endRow();
  }

  private void continueCell(String line) {
    if (cells.isEmpty()) {
      beginCell(null);
    }
    cells.getLast().append(' ').append(line.strip());
  }

  private void beginCell(@Nullable String words) {
    cells.add(new StringBuilder(words == null ? "" : words));
  }

  private void endRow() {
    chars = 0;
    if (cells.isEmpty()) {
      return;
    }
    text.tableRow(cells.stream().map(StringBuilder::toString).toList(), headerRows > 0);
    cells.clear();
    headerRows--;
  }
}

package dev.throng.parser.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated values (RFC 4180), also separated by semicolon, tab or vertical bar: the most
 * frequent of these in the first line. The first row with two cells is the table's header, and a
 * single line before it is its caption.
 */
final class Csv {
  private static final String SEPARATORS = ",;\t|";

  /** How far ahead the first line is searched. */
  private static final int FIRST_LINE_CHARS = 1 << 14;

  private final Reader in;
  private final List<String> row = new ArrayList<>();
  private final StringBuilder cell = new StringBuilder();
  private final TextBuilder text;
  private char separator;
  private int rowChars;
  private boolean hasHeader;

  private Csv(Reader in, TextBuilder text) {
    this.in = in;
    this.text = text;
  }

  /** Reads to the end, one row at a time. */
  static void parse(Reader in, TextBuilder text) throws IOException {
    Csv csv = new Csv(new BufferedReader(in, 2 * FIRST_LINE_CHARS), text);
    csv.separator = csv.separator();
    csv.readAll();
  }

  private char separator() throws IOException {
    in.mark(FIRST_LINE_CHARS);
    char[] buffer = new char[FIRST_LINE_CHARS];
    int length = Math.max(0, in.read(buffer));
    in.reset();
    char best = SEPARATORS.charAt(0);
    long most = 0;
    // A caption may precede the first row with cells.
    for (String line : new String(buffer, 0, length).lines().limit(10).toList()) {
      for (int i = 0; i < SEPARATORS.length() && most == 0; i++) {
        best = mostFrequent(line);
        char found = best;
        most = line.chars().filter(c -> c == found).count();
      }
    }
    return best;
  }

  private static char mostFrequent(String line) {
    char best = SEPARATORS.charAt(0);
    long most = 0;
    for (int i = 0; i < SEPARATORS.length(); i++) {
      char candidate = SEPARATORS.charAt(i);
      long count = line.chars().filter(c -> c == candidate).count();
      if (count > most) {
        most = count;
        best = candidate;
      }
    }
    return best;
  }

  private void readAll() throws IOException {
    boolean isQuoted = false;
    for (int next = in.read(); next >= 0; next = in.read()) {
      char c = (char) next;
      if (isQuoted && c == '"') {
        isQuoted = isDoubled();
        if (isQuoted) {
          cell.append(c);
        }
      } else if (isQuoted) {
        cell.append(c);
      } else if (c == '"' && cell.isEmpty()) {
        isQuoted = true;
      } else if (c == separator) {
        endCell();
      } else if (c == '\n') {
        endRow();
      } else if (c != '\r') {
        cell.append(c);
      }
      if (rowChars + cell.length() > TextBuilder.MAX_BLOCK_CHARS) {
        isQuoted = false; // an unclosed quote must not swallow the rest
        endRow();
      }
    }
    endRow();
  }

  private boolean isDoubled() throws IOException {
    in.mark(1);
    if (in.read() == '"') {
      return true;
    }
    in.reset();
    return false;
  }

  private void endCell() {
    rowChars += cell.length() + 1;
    row.add(cell.toString());
    cell.setLength(0);
  }

  private void endRow() {
    endCell();
    long filled = row.stream().filter(value -> !value.isBlank()).count();
    boolean isSetting = !hasHeader && row.size() <= 2 && row.getFirst().startsWith("sep=");
    if (isSetting) { // Excel's line that names the separator
      row.clear();
      rowChars = 0;
      return;
    }
    boolean isCaption = !hasHeader && filled == 1 && separatorsIn() > 0;
    if (isCaption) {
      text.paragraph(String.join(" ", row));
    } else {
      text.tableRow(row, !hasHeader);
      hasHeader |= filled > 0;
    }
    row.clear();
    rowChars = 0;
  }

  /**
   * Returns the number of separators in the row. A single cell without separators can be a header,
   * because a file may have only one column.
   */
  private int separatorsIn() {
    return row.size() - 1;
  }
}

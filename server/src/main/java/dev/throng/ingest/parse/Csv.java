package dev.throng.ingest.parse;

import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated values (RFC 4180), also by semicolon or tab: whichever the first line has most
 * of. The first row is the table's header.
 */
final class Csv {
  private static final String SEPARATORS = ",;\t";

  private final String content;
  private final char separator;
  private final List<String> row = new ArrayList<>();
  private final StringBuilder cell = new StringBuilder();
  private final TextBuilder text;
  private boolean isFirstRow = true;

  private Csv(String content, int maxTextChars) {
    this.content = content;
    this.separator = separator(content);
    this.text = new TextBuilder(maxTextChars);
  }

  static ParsedDocument parse(byte[] content, int maxTextChars) {
    Csv csv = new Csv(PlainText.decode(content), maxTextChars);
    csv.readAll();
    return csv.text.build();
  }

  private static char separator(String content) {
    String firstLine = content.lines().findFirst().orElse("");
    char best = SEPARATORS.charAt(0);
    long most = 0;
    for (int i = 0; i < SEPARATORS.length(); i++) {
      char candidate = SEPARATORS.charAt(i);
      long count = firstLine.chars().filter(c -> c == candidate).count();
      if (count > most) {
        most = count;
        best = candidate;
      }
    }
    return best;
  }

  private void readAll() {
    boolean isQuoted = false;
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (isQuoted) {
        boolean isDoubled = c == '"' && i + 1 < content.length() && content.charAt(i + 1) == '"';
        if (c == '"' && !isDoubled) {
          isQuoted = false;
        } else {
          cell.append(c);
          i += isDoubled ? 1 : 0;
        }
      } else if (c == '"' && cell.isEmpty()) {
        isQuoted = true;
      } else if (c == separator) {
        endCell();
      } else if (c == '\n') {
        endRow();
      } else if (c != '\r') {
        cell.append(c);
      }
    }
    endRow();
  }

  private void endCell() {
    row.add(cell.toString());
    cell.setLength(0);
  }

  private void endRow() {
    endCell();
    text.tableRow(row, isFirstRow);
    isFirstRow = false;
    row.clear();
  }
}

package dev.throng.parser.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Comma-separated values (RFC 4180), also separated by semicolon, tab or vertical bar: the most
 * frequent of these in the first line. The first row with two cells is the table's header, and a
 * single line before it is its caption.
 */
final class Csv {
  private static final String SEPARATORS = ",;\t|";

  /** How far ahead the first line is searched. */
  private static final int FIRST_LINE_CHARS = 1 << 14;

  private final TextBuilder text;
  private boolean hasHeader;

  private Csv(TextBuilder text) {
    this.text = text;
  }

  /** Reads to the end, one row at a time. */
  static void parse(Reader in, TextBuilder text) throws IOException {
    BufferedReader buffered = new BufferedReader(in, 2 * FIRST_LINE_CHARS);
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(separator(buffered))
            .setTrailingData(true) // after a closing quote
            .setLenientEof(true) // in a quote
            .get();
    Csv csv = new Csv(text);
    Part part = new Part(buffered);
    while (!part.isLast) {
      part.begin();
      for (CSVRecord row : format.parse(part)) {
        csv.add(row.toList());
        part.begin();
      }
    }
  }

  /**
   * The input from the end of a row on. It ends after as many characters as a block may have,
   * because an unclosed quote must not swallow the rest.
   */
  private static final class Part extends Reader {
    private final Reader in;
    private int left;
    private boolean isLast;

    Part(Reader in) {
      this.in = in;
    }

    void begin() {
      left = TextBuilder.MAX_BLOCK_CHARS;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(buffer, offset, Math.min(length, left));
      isLast = count < 0;
      left -= Math.max(0, count);
      return count;
    }

    @Override
    public void close() {} // the caller closes the whole input
  }

  private static char separator(Reader in) throws IOException {
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

  private void add(List<String> row) {
    boolean isSetting = !hasHeader && row.size() <= 2 && row.getFirst().startsWith("sep=");
    if (isSetting) { // Excel's line that names the separator
      return;
    }
    long filled = row.stream().filter(value -> !value.isBlank()).count();
    // A single cell without separators can be a header, because a file may have only one column.
    boolean isCaption = !hasHeader && filled == 1 && row.size() > 1;
    if (isCaption) {
      text.paragraph(String.join(" ", row));
    } else {
      text.tableRow(row, !hasHeader);
      hasHeader |= filled > 0;
    }
  }
}

package dev.throng.parser.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Comma-separated values (RFC 4180), also separated by semicolon, tab or vertical bar. The first
 * row with two cells is the table's header, and a single line before it is its caption.
 */
final class Csv {
  /** How far ahead the first rows are compared. */
  private static final int START_CHARS = 1 << 14;

  private final Output output;
  private boolean hasHeader;

  private Csv(Output output) {
    this.output = output;
  }

  /** Receives the rows. */
  interface Output {
    void caption(String words);

    void row(List<String> cells, boolean isHeader);

    void end();
  }

  static void parse(Reader in, TextBuilder text) throws IOException {
    parse(in, new Blocks(text));
  }

  private record Blocks(TextBuilder text) implements Output {
    @Override
    public void caption(String words) {
      text.tableCaption(words);
    }

    @Override
    public void row(List<String> cells, boolean isHeader) {
      text.tableRow(cells, isHeader);
    }

    @Override
    public void end() {
      text.endTable();
    }
  }

  /** Reads to the end, one row at a time. */
  static void parse(Reader in, Output output) throws IOException {
    BufferedReader buffered = new BufferedReader(in, 2 * START_CHARS);
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(separator(buffered))
            .setTrailingData(true) // after a closing quote
            .setLenientEof(true) // in a quote
            .get();
    Csv csv = new Csv(output);
    Part part = new Part(buffered);
    while (!part.isLast) {
      part.begin();
      for (CSVRecord row : format.parse(part)) {
        csv.add(row.toList());
        part.begin();
      }
    }
    output.end();
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
    in.mark(START_CHARS);
    char[] buffer = new char[START_CHARS];
    int length = 0;
    int count = in.read(buffer);
    while (count > 0) {
      length += count;
      count = in.read(buffer, length, START_CHARS - length);
    }
    in.reset();
    return CsvSeparator.of(new String(buffer, 0, length));
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
      output.caption(String.join(" ", row).strip());
    } else {
      output.row(row, !hasHeader);
      hasHeader |= filled > 0;
    }
  }
}

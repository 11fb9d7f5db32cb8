package dev.throng.parser.worker;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A reStructuredText table in the form of comma-separated values. */
final class CsvTable extends IndentedBlock {
  private static final Pattern HEADER = Pattern.compile("\\s*:header: *(.*)");
  private static final Pattern OPTION = Pattern.compile("\\s*:[a-z-]+:.*");

  private final TextBuilder text;
  private final StringBuilder rows = new StringBuilder();
  private String header = "";

  CsvTable(int outer, TextBuilder text) {
    super(outer);
    this.text = text;
  }

  @Override
  void add(String line) {
    Matcher names = HEADER.matcher(line);
    if (names.matches()) {
      header = row(names.group(1));
    } else if (!line.isBlank() && !(rows.isEmpty() && OPTION.matcher(line).matches())) {
      rows.append(row(line));
    }
    if (rows.length() > TextBuilder.MAX_BLOCK_CHARS) {
      end();
    }
  }

  /** Removes blanks after commas, which Docutils allows and the format does not. */
  private static String row(String line) {
    return line.strip().replaceAll("\", +\"", "\",\"") + "\n";
  }

  @Override
  public void end() {
    if (rows.isEmpty()) {
      return;
    }
    try {
      Csv.parse(new StringReader(header + rows), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not thrown for a string
    }
    rows.setLength(0);
  }
}

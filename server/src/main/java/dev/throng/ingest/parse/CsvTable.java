package dev.throng.ingest.parse;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table of reStructuredText given as comma-separated values. */
final class CsvTable implements Rst.Block {
  private static final Pattern HEADER = Pattern.compile("\\s*:header: *(.*)");
  private static final Pattern OPTION = Pattern.compile("\\s*:[a-z-]+:.*");

  private final int outer;
  private final TextBuilder text;
  private final StringBuilder rows = new StringBuilder();
  private String header = "";

  /**
   * @param outer how far the directive is indented
   */
  CsvTable(int outer, TextBuilder text) {
    this.outer = outer;
    this.text = text;
  }

  @Override
  public boolean takes(String line) {
    if (!line.isBlank() && TextLines.indent(line) <= outer) {
      return false;
    }
    Matcher names = HEADER.matcher(line);
    if (names.matches()) {
      header = row(names.group(1));
    } else if (!line.isBlank() && !(rows.isEmpty() && OPTION.matcher(line).matches())) {
      rows.append(row(line));
    }
    if (rows.length() > TextBuilder.MAX_BLOCK_CHARS) {
      end();
    }
    return true;
  }

  /** Docutils allows a blank behind a comma, the format itself does not. */
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
      throw new UncheckedIOException(e); // not of a string
    }
    rows.setLength(0);
  }
}

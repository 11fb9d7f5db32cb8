package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A reStructuredText table drawn with {@code +}, {@code -} and {@code |}. */
final class GridTable implements RstBlock {
  // Possessive quantifier, as in SimpleTable.
  private static final Pattern BORDER = Pattern.compile("\\s*\\+(?:[-=]+\\+)++");
  private static final Pattern BORDER_CHAR = Pattern.compile("(?<=[-=+])[-=]|[-=](?=[-=+])");
  private static final Pattern LINE = Pattern.compile("\\s*[+|].*[+|]");

  private final TextBuilder text;
  private final int[] bars;
  private final StringBuilder[] cells;
  private int chars;

  /**
   * Starts a table.
   *
   * @param border its first line
   */
  GridTable(String border, TextBuilder text) {
    this.text = text;
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < border.length(); i++) {
      if (border.charAt(i) == '+') {
        found.add(i);
      }
    }
    this.bars = found.stream().mapToInt(Integer::intValue).toArray();
    this.cells = new StringBuilder[bars.length - 1];
    Arrays.setAll(cells, column -> new StringBuilder());
  }

  static boolean isBorder(String line) {
    return BORDER.matcher(line).matches();
  }

  @Override
  public boolean takes(String line) {
    if (!LINE.matcher(line).matches()) {
      return false;
    }
    if (line.contains("+-") || line.contains("+=")) {
      // A cell over several rows has text next to the border, which belongs to the row above.
      add(BORDER_CHAR.matcher(line).replaceAll(" ").replace('+', '|'));
      endRow(line.contains("+="));
    } else {
      add(line);
      chars += line.length();
    }
    if (chars > TextBuilder.MAX_BLOCK_CHARS) { // not a real row
      endRow(false);
    }
    return true;
  }

  @Override
  public void end() {
    endRow(false);
  }

  /**
   * Splits a line at the bars. Wide characters shift them, so the positions are used only if all
   * bars match.
   */
  private void add(String line) {
    String[] parts = line.strip().substring(1).split("\\|", -1);
    if (parts.length == cells.length + 1) {
      for (int column = 0; column < cells.length; column++) {
        cells[column].append(' ').append(parts[column]);
      }
      return;
    }
    int column = 0;
    for (int next = 1; next < bars.length; next++) {
      boolean isAtBar = bars[next] < line.length() && line.charAt(bars[next]) == '|';
      if (isAtBar || next == bars.length - 1) {
        int end = Math.min(bars[next], line.length());
        cells[column].append(' ').append(line, Math.min(bars[column] + 1, end), end);
        column = next;
      }
    }
  }

  private void endRow(boolean isHeader) {
    text.tableRow(Arrays.stream(cells).map(StringBuilder::toString).toList(), isHeader);
    for (StringBuilder cell : cells) {
      cell.setLength(0);
    }
    chars = 0;
  }
}

package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A reStructuredText table whose columns are below the parts of a border of {@code =}. */
final class SimpleTable implements RstBlock {
  // Possessive quantifier, because backtracking would take stack for each column.
  private static final Pattern BORDER = Pattern.compile("\\s*={2,}(?: +={2,})++");
  private static final Pattern SPANS = Pattern.compile("\\s*-{2,}(?: +-{2,})*+");
  private static final Pattern PART = Pattern.compile("=+");

  private static final int MAX_BORDERS = 3;

  private final TextBuilder text;
  private final List<Integer> starts = new ArrayList<>();
  private @Nullable List<String> row;
  private int rows;
  private int rowChars;
  private int borders = 1;
  private boolean isAtBorder;
  private boolean isAfterBlank;

  /**
   * Starts a table.
   *
   * @param border its first line
   */
  SimpleTable(String border, TextBuilder text) {
    this.text = text;
    Matcher part = PART.matcher(border);
    while (part.find()) {
      starts.add(part.start());
    }
  }

  static boolean isBorder(String line) {
    return BORDER.matcher(line).matches();
  }

  /** Accepts a line. The table ends with its third border, or with one before a blank line. */
  @Override
  public boolean takes(String line) {
    boolean isOver = isAtBorder && (borders == MAX_BORDERS || line.isBlank());
    if (isOver || (isAfterBlank && hasWordsInMargin(line))) {
      return false;
    }
    isAfterBlank = line.isBlank();
    if (isBorder(line)) {
      borders++;
      isAtBorder = true;
      return true;
    }
    if (isAtBorder || isAfterBlank) {
      endRow(isAtBorder && rows == 0);
      isAtBorder = false;
    }
    if (!isAfterBlank && !SPANS.matcher(line).matches()) {
      add(line);
    }
    return true;
  }

  @Override
  public void end() {
    endRow(false);
  }

  /** Adds a line. A line without a first cell continues the previous row. */
  private void add(String line) {
    List<String> cells = cells(line);
    List<String> above = row;
    rowChars += line.length();
    boolean isLong = rowChars > TextBuilder.MAX_BLOCK_CHARS; // not a real row
    if (above != null && cells.getFirst().isBlank() && !isLong) {
      for (int column = 0; column < cells.size(); column++) {
        above.set(column, above.get(column) + " " + cells.get(column));
      }
      return;
    }
    endRow(false);
    row = cells;
  }

  /**
   * Returns whether there is text between the columns, so that a table without an end does not
   * swallow the rest of the document.
   */
  private boolean hasWordsInMargin(String line) {
    return starts.stream()
        .skip(1)
        .anyMatch(start -> start < line.length() && line.charAt(start - 1) != ' ');
  }

  private List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    int start = 0;
    for (int column = 1; column <= starts.size(); column++) {
      int end =
          column == starts.size() ? line.length() : Math.min(starts.get(column), line.length());
      boolean isInWord = end > 0 && end < line.length() && line.charAt(end - 1) != ' ';
      if (isInWord) {
        end = Math.max(start, line.lastIndexOf(' ', end)); // wide characters shift the columns
      }
      cells.add(line.substring(Math.min(start, end), end).strip());
      start = end;
    }
    return cells;
  }

  private void endRow(boolean isHeader) {
    List<String> ended = row;
    if (ended != null) {
      text.tableRow(ended, isHeader);
      rows++;
      row = null;
      rowChars = 0;
    }
  }
}

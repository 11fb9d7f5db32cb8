package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds out which of a table's first rows name its columns. A header of several rows has a cell
 * over several columns, whose names are below it.
 */
final class HeaderRows {
  private static final int MAX_HEADER_ROWS = 4;

  /** A value of a header that is no word, such as a year, a quarter or a fiscal year. */
  private static final Pattern PERIOD =
      Pattern.compile(
          "(?:19|20)\\d\\d(?:\\s?[/\\u2013-]\\s?(?:\\d\\d|\\d{4}))?|[A-Z]{1,2}\\d{1,2}");

  private HeaderRows() {}

  /**
   * Returns how many of the first rows are a header.
   *
   * @param rows without captions and blank rows
   */
  static int count(List<List<TableCell>> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    int marked = 0;
    while (marked < Math.min(rows.size(), MAX_HEADER_ROWS) && isMarked(rows.get(marked))) {
      marked++;
    }
    int count = marked == rows.size() ? 1 : marked;
    boolean isFirstRowOfTwo = count == 0 && rows.size() > 2 && continues(rows.get(0), rows.get(1));
    boolean isWords = count == 0 && rows.size() > 1 && isOfWords(rows.getFirst());
    if (isFirstRowOfTwo || isWords) {
      count = 1;
    }
    while (count > 0
        && count < Math.min(rows.size() - 1, MAX_HEADER_ROWS)
        && continues(rows.get(count - 1), rows.get(count))) {
      count++;
    }
    return count;
  }

  /**
   * Returns whether a row is a title: it has a single text, which is not the name of some of the
   * columns only.
   */
  static boolean isTitle(List<TableCell> row) {
    boolean isMerged = row.stream().anyMatch(cell -> cell.covered() == TableCell.Covered.FROM_LEFT);
    boolean isName = row.getFirst().isBlank() && (isMerged || isMarked(row));
    return TableCell.filled(row) == 1 && !isName;
  }

  /** Returns whether the markup says that all cells of a row name columns. */
  static boolean isMarked(List<TableCell> row) {
    return !row.isEmpty()
        && row.stream().allMatch(cell -> cell.isHeader() || cell.isBlank())
        && row.stream().anyMatch(TableCell::isHeader);
  }

  /**
   * Returns whether a row looks like a header: it has at least two cells, most of them words. A row
   * of numbers is not a header.
   */
  static boolean isOfWords(List<TableCell> row) {
    long filled = TableCell.filled(row);
    long words = row.stream().filter(cell -> cell.isFilled() && isWord(cell.text())).count();
    return filled >= 2 && words * 2 >= filled;
  }

  /** Returns the name of each column: what its header rows say, each text once. */
  static List<String> joined(List<List<TableCell>> header) {
    int columns = header.stream().mapToInt(List::size).max().orElse(0);
    List<List<String>> filledRows = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      boolean isLast = i == header.size() - 1;
      filledRows.add(
          isLast
              ? TableCell.texts(header.get(i))
              : filledToTheRight(header.get(i), header.get(i + 1)));
    }
    List<String> names = new ArrayList<>();
    for (int column = 0; column < columns; column++) {
      Set<String> parts = new LinkedHashSet<>();
      for (List<String> row : filledRows) {
        String part = column < row.size() ? row.get(column) : "";
        if (!part.isBlank()) {
          parts.add(part);
        }
      }
      names.add(String.join(" ", parts));
    }
    return names;
  }

  /**
   * Returns the texts of a row in which a name stands only above the first of its columns, in all
   * of them.
   */
  private static List<String> filledToTheRight(List<TableCell> row, List<TableCell> below) {
    List<String> texts = new ArrayList<>();
    int columns = Math.max(row.size(), below.size());
    while (texts.size() < columns) {
      String name = at(row, texts.size()).text();
      int end = endOfGroup(row, texts.size(), columns);
      for (int column = texts.size(); column < end; column++) {
        boolean isNamed = !at(row, column).isBlank() || !at(below, column).isBlank();
        texts.add(isNamed ? name : "");
      }
    }
    return texts;
  }

  /**
   * Returns whether a row names columns below the names of a header's row: below each name over
   * several columns are words or periods, and elsewhere the two do not both have a text.
   */
  private static boolean continues(List<TableCell> above, List<TableCell> row) {
    boolean hasGroup = false;
    int columns = Math.max(above.size(), row.size());
    int column = 0;
    while (column < columns) {
      int end = endOfGroup(above, column, columns);
      boolean isGroup = end > column + 1 && !at(above, column).isBlank();
      for (int i = column; i < end; i++) {
        TableCell cell = at(row, i);
        boolean isSame = cell.covered() != TableCell.Covered.NO || cell.isBlank();
        boolean isName = isWord(cell.text()) || PERIOD.matcher(cell.text()).matches();
        if (isGroup ? cell.isBlank() || !isName : !isSame && !at(above, i).isBlank()) {
          return false;
        }
        if (!isSame && !isName) {
          return false;
        }
      }
      hasGroup |= isGroup && isSplit(row, column, end);
      column = end;
    }
    return hasGroup;
  }

  /** Returns the column after those of a name, which are merged or blank. */
  private static int endOfGroup(List<TableCell> above, int start, int columns) {
    int end = start + 1;
    boolean isMerged = at(above, end).covered() == TableCell.Covered.FROM_LEFT;
    while (end < columns && !at(above, start).isBlank()) {
      TableCell next = at(above, end);
      boolean isPart = isMerged ? next.covered() == TableCell.Covered.FROM_LEFT : !next.isFilled();
      if (!isPart) {
        break;
      }
      end++;
    }
    return end;
  }

  private static boolean isSplit(List<TableCell> row, int start, int end) {
    for (int i = start + 1; i < end; i++) {
      if (at(row, i).covered() == TableCell.Covered.NO) {
        return true;
      }
    }
    return false;
  }

  private static TableCell at(List<TableCell> row, int column) {
    return column < row.size() ? row.get(column) : TableCell.EMPTY;
  }

  static boolean isWord(String text) {
    return text.codePoints().anyMatch(Character::isLetter);
  }
}

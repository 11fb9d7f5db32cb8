package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A table whose header and rows are too long to be read together. It is cut into groups of columns.
 * Each group repeats the columns that tell the rows apart.
 */
final class WideTable {
  /** The header of a group stays below this length if possible. */
  private static final int MAX_HEADER_CHARS = 200;

  /** The same for the header and an average row. */
  private static final int MAX_ROW_CHARS = 500;

  /** How many rows of a group follow each other, before those of the next group. */
  static final int ROWS = 40;

  /** Longer rows are written before there are as many. */
  private static final int MAX_HELD_CHARS = 50_000;

  /** Maximum length of a repeated cell. Its whole text is in the group of its column. */
  private static final int MAX_KEY_CHARS = 60;

  /** A column tells rows apart when at least this share of its values is different. */
  private static final double DIFFERENT = 0.9;

  private static final int MAX_LEADING_KEYS = 3;

  private static final int SEPARATOR_CHARS = 3;

  /** Receives the rows of groups. */
  interface Output {
    void row(List<String> cells, boolean isHeader);
  }

  private final List<String> header;
  private final Output output;
  private final List<List<String>> rows = new ArrayList<>();
  private final Set<Integer> keys = new TreeSet<>();
  private int chars;

  WideTable(List<String> header, Output output) {
    this.header = header;
    this.output = output;
  }

  /** Returns whether a header is so long that its table should be cut. */
  static boolean isWide(List<String> header) {
    return header.size() > 2 && length(header) > MAX_HEADER_CHARS;
  }

  private static int length(List<String> cells) {
    return cells.stream().mapToInt(String::length).sum() + SEPARATOR_CHARS * cells.size();
  }

  void add(List<String> row) {
    rows.add(row);
    chars += length(row);
    if (rows.size() == ROWS || chars > MAX_HELD_CHARS) {
      flush();
    }
  }

  void end() {
    if (!rows.isEmpty() || keys.isEmpty()) {
      flush();
    }
  }

  private void flush() {
    if (keys.isEmpty()) {
      findKeys();
    }
    int columns = Math.max(header.size(), rows.stream().mapToInt(List::size).max().orElse(0));
    int from = 0;
    while (from < columns) {
      int to = endOfGroup(from, columns);
      write(from, to);
      from = to;
    }
    rows.clear();
    chars = 0;
  }

  private int endOfGroup(int from, int columns) {
    int headerChars = keys.stream().mapToInt(this::headerChars).sum();
    int rowChars = keys.stream().mapToInt(this::averageChars).sum();
    int to = from;
    do {
      headerChars += keys.contains(to) ? 0 : headerChars(to);
      rowChars += keys.contains(to) ? 0 : averageChars(to);
      to++;
    } while (to < columns
        && headerChars + headerChars(to) <= MAX_HEADER_CHARS
        && headerChars + rowChars + averageChars(to) <= MAX_ROW_CHARS);
    return to;
  }

  private int headerChars(int column) {
    return at(header, column).length() + SEPARATOR_CHARS;
  }

  private int averageChars(int column) {
    int sum = rows.stream().mapToInt(row -> at(row, column).length() + SEPARATOR_CHARS).sum();
    return sum / Math.max(1, rows.size());
  }

  /** Writes a group. A row without a text in it is left out there. */
  private void write(int from, int to) {
    output.row(group(header, from, to), true);
    for (List<String> row : rows) {
      if (IntStream.range(from, to).anyMatch(column -> !at(row, column).isBlank())) {
        output.row(group(row, from, to), false);
      }
    }
  }

  private List<String> group(List<String> row, int from, int to) {
    List<String> cells = new ArrayList<>();
    for (int key : keys) {
      if (key < from || key >= to) {
        cells.add(shortened(at(row, key)));
      }
    }
    for (int column = from; column < to; column++) {
      cells.add(at(row, column));
    }
    return cells;
  }

  /** Cuts a repeated cell after a word. */
  private static String shortened(String words) {
    if (words.length() <= MAX_KEY_CHARS) {
      return words;
    }
    int end = words.lastIndexOf(' ', MAX_KEY_CHARS);
    boolean isInCharacter = Character.isLowSurrogate(words.charAt(MAX_KEY_CHARS));
    return words.substring(0, end > 0 ? end : MAX_KEY_CHARS - (isInCharacter ? 1 : 0));
  }

  /**
   * Finds the columns that tell rows apart: the first one of different names, and a column of
   * different codes before it. Otherwise the first columns of words.
   */
  private void findKeys() {
    int name = -1;
    int code = -1;
    for (int column = 0; column < header.size() && name < 0; column++) {
      boolean isDifferent = isDifferent(column);
      name = isDifferent && isMostly(column, WideTable::isName) ? column : name;
      code =
          code < 0 && isDifferent && name < 0 && isMostly(column, HeaderRows::isWord)
              ? column
              : code;
    }
    if (code >= 0) {
      keys.add(code);
    }
    if (name >= 0) {
      keys.add(name);
    }
    for (int column = 0;
        column < header.size() && keys.size() < MAX_LEADING_KEYS && name < 0 && code < 0;
        column++) {
      if (isMostly(column, HeaderRows::isWord)) {
        keys.add(column);
      }
    }
    if (keys.isEmpty()) {
      keys.add(0);
    }
  }

  private boolean isDifferent(int column) {
    Set<String> values = new HashSet<>();
    rows.forEach(row -> values.add(at(row, column)));
    values.remove("");
    return values.size() >= DIFFERENT * rows.size();
  }

  private boolean isMostly(int column, Predicate<String> kind) {
    return rows.stream().filter(row -> kind.test(at(row, column))).count()
        >= DIFFERENT * rows.size();
  }

  private static boolean isName(String value) {
    return HeaderRows.isWord(value) && value.codePoints().noneMatch(Character::isDigit);
  }

  private static String at(List<String> row, int column) {
    return column < row.size() ? row.get(column) : "";
  }
}

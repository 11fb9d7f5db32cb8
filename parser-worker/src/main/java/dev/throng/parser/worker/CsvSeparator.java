package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the separator of comma-separated values: the one that divides the most rows into the same
 * number of values. A comma may also be a decimal separator, so that another one precedes it.
 */
final class CsvSeparator {
  /** In the order of preference when they divide equally many rows. */
  private static final String CANDIDATES = "\t;|,";

  private static final char QUOTE = '"';

  private CsvSeparator() {}

  /**
   * Returns the separator.
   *
   * @param start the first rows; the last of them may be incomplete
   */
  static char of(String start) {
    String named = start.lines().findFirst().orElse("").strip();
    if (named.length() == 5 && named.startsWith("sep=")) {
      return named.charAt(4); // Excel's line that names the separator
    }
    char best = ',';
    long most = 0;
    for (int i = 0; i < CANDIDATES.length(); i++) {
      long rows = equalRows(start, CANDIDATES.charAt(i));
      if (rows > most) {
        most = rows;
        best = CANDIDATES.charAt(i);
      }
    }
    return best;
  }

  /** Returns how many rows a separator divides into the most frequent number of values above 1. */
  private static long equalRows(String start, char separator) {
    Map<Integer, Long> rowsByCount = new HashMap<>();
    for (int count : counts(start, separator)) {
      if (count > 0) {
        rowsByCount.merge(count, 1L, Long::sum);
      }
    }
    return rowsByCount.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Returns the number of separators in each row, except inside quotes. */
  private static List<Integer> counts(String start, char separator) {
    List<Integer> counts = new ArrayList<>();
    int count = 0;
    boolean isQuoted = false;
    boolean isValueStart = true;
    for (int i = 0; i < start.length(); i++) {
      char c = start.charAt(i);
      if (c == QUOTE && (isQuoted || isValueStart)) {
        isQuoted = !isQuoted;
      } else if (!isQuoted && c == separator) {
        count++;
      } else if (!isQuoted && (c == '\n' || c == '\r')) {
        counts.add(count);
        count = 0;
      }
      isValueStart = c == separator || c == '\n' || c == '\r' || c == QUOTE;
    }
    counts.add(count);
    return counts;
  }
}

package dev.throng.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The limit of files and connections that this process may have open at the same time. */
public final class OpenFiles {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern LINE = Pattern.compile("Max open files +(\\d+) .*");

  /** Files needed for jars, indexes, the catalogue, parsers and backends. */
  private static final int RESERVED_FILES = 256;

  private OpenFiles() {}

  /**
   * Returns the limit, or {@link Integer#MAX_VALUE} when the system sets none or does not report
   * it.
   */
  public static int max() {
    try {
      return max(Files.readAllLines(LIMITS));
    } catch (IOException e) {
      return Integer.MAX_VALUE; // not Linux
    }
  }

  /**
   * Returns the limit.
   *
   * @param limits lines in the format of Linux
   */
  static int max(List<String> limits) {
    return limits.stream()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .mapToInt(limit -> (int) Math.min(Integer.MAX_VALUE, limit))
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  /**
   * Returns how many connections may be accepted so that enough files are left for everything else.
   */
  public static int leftForConnections() {
    return leftForConnections(max());
  }

  /** Returns how many indexes may be open. Each holds at least one file. */
  public static int leftForIndexes() {
    return Math.max(1, max() / 8);
  }

  static int leftForConnections(int max) {
    return Math.max(1, Math.max(max / 2, max - RESERVED_FILES));
  }
}

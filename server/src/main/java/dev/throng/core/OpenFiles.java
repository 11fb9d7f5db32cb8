package dev.throng.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files and connections the system lets this process have open. */
public final class OpenFiles {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern LINE = Pattern.compile("Max open files +(\\d+) .*");

  /** What jars, indexes, the catalogue, parsers and backends need. */
  private static final int OWN = 256;

  private OpenFiles() {}

  /** The limit; {@link Integer#MAX_VALUE} when the system sets or tells none. */
  public static int max() {
    try {
      return max(Files.readAllLines(LIMITS));
    } catch (IOException e) {
      return Integer.MAX_VALUE; // not Linux
    }
  }

  /**
   * @param limits lines as Linux writes them
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

  /** How many connections may be accepted, so that enough is left for the rest. */
  public static int leftForConnections() {
    return leftForConnections(max());
  }

  /** How many indexes may be open, of which each holds a file or more. */
  public static int leftForIndexes() {
    return Math.max(1, max() / 8);
  }

  static int leftForConnections(int max) {
    return Math.max(1, Math.max(max / 2, max - OWN));
  }
}

package dev.throng.monitoring;

import dev.throng.it.Command;
import dev.throng.it.Component;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs promtool, which is installed beside Prometheus. */
final class Promtool {
  private Promtool() {}

  /** Runs a command on files, which must succeed. */
  static void run(String command, String what, List<Path> files) {
    List<String> line = new ArrayList<>(List.of(path(), command, what));
    files.forEach(file -> line.add(file.toString()));
    var _ = Command.run(line);
  }

  /** Checks the names, types and descriptions of a page in Prometheus' text format. */
  static void checkMetrics(String page) {
    var _ = Command.run(List.of(path(), "check", "metrics"), page);
  }

  private static String path() {
    return Path.of(Component.path("prometheus")).resolveSibling("promtool").toString();
  }
}

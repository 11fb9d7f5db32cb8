package dev.throng.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.it.Component;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs promtool, which is installed beside Prometheus. */
final class Promtool {
  private Promtool() {}

  /** Runs a command on files, which must succeed. */
  static void run(String command, String what, List<Path> files)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(path(), command, what));
    files.forEach(file -> line.add(file.toString()));
    check(new ProcessBuilder(line).redirectErrorStream(true).start());
  }

  /** Checks the names, types and descriptions of a page in Prometheus' text format. */
  static void checkMetrics(String page) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(path(), "check", "metrics").redirectErrorStream(true).start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(page);
    }
    check(process);
  }

  private static void check(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  private static String path() {
    return Path.of(Component.path("prometheus")).resolveSibling("promtool").toString();
  }
}

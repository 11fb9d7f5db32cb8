package dev.throng.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a program to its end. */
public final class Command {
  private Command() {}

  /**
   * Returns what the program printed on its standard output.
   *
   * @throws IllegalStateException with all that it printed when it fails
   */
  public static String run(List<String> command) {
    return run(command, "");
  }

  /** As above, for a program that reads from its standard input. */
  public static String run(List<String> command, String input) {
    return run(new ProcessBuilder(command), input);
  }

  /** As above, in a folder, with additional variables. */
  public static String run(Path folder, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    return run(builder, "");
  }

  private static String run(ProcessBuilder builder, String input) {
    try {
      Path errors = Files.createTempFile("command", ".log");
      try {
        Process process = builder.redirectError(errors.toFile()).start();
        try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
          in.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new IllegalStateException(
              String.join(" ", builder.command()) + ": " + output + Files.readString(errors));
        }
        return output;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

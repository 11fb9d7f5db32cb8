package dev.throng.bench.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The checkout that is measured. */
public final class Home {
  private Home() {}

  public static Path folder() {
    return Path.of(System.getProperty("throng.home", "."));
  }

  public static Path examples() {
    return folder().resolve("examples");
  }

  /** Returns the program that `dev/components` installed. */
  public static String component(String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(folder().resolve("dev/components").toString(), "path", name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(name + " is missing (run: dev/components install " + name + ")");
    }
    return path.strip();
  }

  /** Creates a folder that is deleted when this process ends. */
  public static Path temporary(String name) throws IOException {
    Path folder = Files.createTempDirectory("throng-bench-" + name);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete-" + name));
    return folder;
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println(folder + " could not be removed: " + e);
    }
  }
}

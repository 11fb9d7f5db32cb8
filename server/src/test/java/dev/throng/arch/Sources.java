package dev.throng.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The repository's files, located from the folder in which Maven runs the tests. */
final class Sources {
  private static final List<String> MODULES =
      List.of("parser-api", "parser-worker", "server", "it", "bench", "bench/ollama-sim");

  private Sources() {}

  /** The folder that holds all modules. */
  static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("throng"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException(
            "not inside the repository: " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }

  /** Every Java file of every module. */
  static List<Path> java() {
    return MODULES.stream()
        .map(module -> repository().resolve(module).resolve("src"))
        .filter(Files::isDirectory)
        .flatMap(folder -> below(folder, ".java").stream())
        .toList();
  }

  static List<Path> below(Path folder, String ending) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path as shown in messages. */
  static String name(Path file) {
    return repository().relativize(file).toString();
  }
}

package dev.throng.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The repository's files, located from the folder in which Maven runs the tests. */
public final class Sources {
  private static final List<String> MODULES =
      List.of("parser-api", "parser-worker", "server", "it", "bench", "bench/ollama-sim");

  /** Folders that others wrote, that are built, and data folders. */
  private static final Set<String> FOREIGN_FOLDERS =
      Set.of("target", ".git", "examples", "handbook", "node_modules", "throng-data");

  private Sources() {}

  /** The folder that holds all modules. */
  public static Path repository() {
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

  /** Every file of the repository that the project wrote and whose name has one of the endings. */
  public static List<Path> written(List<String> endings) throws IOException {
    List<Path> written = new ArrayList<>();
    Files.walkFileTree(
        repository(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean isRoot = folder.equals(repository());
            return !isRoot && FOREIGN_FOLDERS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()
                && endings.stream().anyMatch(file.toString()::endsWith)) {
              written.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    written.sort(Comparator.naturalOrder());
    return written;
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

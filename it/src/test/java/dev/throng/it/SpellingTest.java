package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spelling of code, documents and scripts, by codespell and the words in dev/dictionary.txt. */
@Timeout(120)
final class SpellingTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  /** Folders that others wrote or that are built, and data folders. */
  private static final Set<String> NOT_READ =
      Set.of(".git", "target", "examples", "handbook", "node_modules", "throng-data");

  private static final List<String> ENDINGS =
      List.of(".java", ".md", ".yaml", ".yml", ".xml", ".sql", ".sh", "throng", "components");

  @Test
  void everyWordIsSpelledRight() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Component.path("codespell"));
    command.addAll(List.of("--quiet-level", "3", "--ignore-words", "dev/dictionary.txt"));
    command.addAll(files());
    Process process =
        new ProcessBuilder(command)
            .directory(REPOSITORY.toFile())
            .redirectErrorStream(true)
            .start();
    String complaints = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("", complaints);
    assertEquals(0, process.waitFor());
  }

  private static List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_READ.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (ENDINGS.stream().anyMatch(name::endsWith)) {
              files.add(REPOSITORY.relativize(file).toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}

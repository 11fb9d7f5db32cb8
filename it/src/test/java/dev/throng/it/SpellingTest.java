package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.arch.Sources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spelling of code, documents and scripts, by codespell and the words in dev/dictionary.txt. */
@Timeout(120)
final class SpellingTest {
  private static final List<String> ENDINGS =
      List.of(".java", ".md", ".yaml", ".yml", ".xml", ".sql", ".sh", "throng", "components");

  @Test
  void everyWordIsSpelledRight() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Component.path("codespell"));
    command.addAll(List.of("--quiet-level", "3", "--ignore-words", "dev/dictionary.txt"));
    Path repository = Sources.repository();
    Sources.written(ENDINGS).forEach(file -> command.add(repository.relativize(file).toString()));
    Process process =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .start();
    String complaints = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("", complaints);
    assertEquals(0, process.waitFor());
  }
}

package dev.throng.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A document of the repository that the build generates; a system property writes it. */
final class GeneratedDocument {
  private static final String WRITE = "throng.write-docs";

  private GeneratedDocument() {}

  /**
   * Checks that a file has the generated content, after writing it if the system property is set.
   *
   * @param test the test that generates the file; the failure names it
   */
  static void check(Path file, String generated, Class<?> test) throws IOException {
    if (Boolean.getBoolean(WRITE)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, generated);
    }
    assertEquals(
        generated,
        Files.exists(file) ? Files.readString(file) : "",
        "%s is not current; write it: mvn -pl server test -Dtest=%s -D%s=true"
            .formatted(Sources.name(file), test.getSimpleName(), WRITE));
  }
}

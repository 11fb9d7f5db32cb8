package dev.throng.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the repository that the build generates; a system property writes it. */
public final class GeneratedDocument {
  private static final String WRITE = "throng.write-docs";

  private GeneratedDocument() {}

  /**
   * Checks that a file has the generated content, after writing it if the system property is set.
   *
   * @param test the test that generates the file; the failure names it
   */
  public static void check(Path file, String generated, Class<?> test) throws IOException {
    if (Boolean.getBoolean(WRITE)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, generated);
    }
    assertEquals(
        generated,
        Files.exists(file) ? Files.readString(file) : "",
        "%s is not current; write it: mvn -pl %s -am verify -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -D%s=true"
            .formatted(file, module(), test.getSimpleName(), WRITE));
  }

  private static Path module() {
    return Path.of("").toAbsolutePath().getFileName();
  }
}

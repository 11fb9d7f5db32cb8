package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpackedResourcesTest {
  /** A resource in some jar of the class path. */
  private static final String IN_JAR = "/all-minilm-l6-v2-q-tokenizer.json";

  private static final FileTime LONG_AGO = FileTime.from(Instant.EPOCH);

  @TempDir private Path folder = Path.of("");

  @Test
  void resourceInAJarIsUnpackedWithItsContent() throws IOException {
    Path file = UnpackedResources.checkedIn(folder).file(IN_JAR).orElseThrow();
    assertEquals("all-minilm-l6-v2-q-tokenizer.json", file.getFileName().toString());
    assertArrayEquals(content(), Files.readAllBytes(file));
  }

  @Test
  void existingFileIsNotWrittenAgain() throws IOException {
    Path file = UnpackedResources.checkedIn(folder).file(IN_JAR).orElseThrow();
    Files.setLastModifiedTime(file, LONG_AGO);
    var _ = UnpackedResources.checkedIn(folder).file(IN_JAR).orElseThrow();
    assertEquals(LONG_AGO, Files.getLastModifiedTime(file));
  }

  @Test
  void truncatedFileIsWrittenAgain() throws IOException {
    Path file = UnpackedResources.checkedIn(folder).file(IN_JAR).orElseThrow();
    Files.writeString(file, "torn");
    var _ = UnpackedResources.checkedIn(folder).file(IN_JAR).orElseThrow();
    assertArrayEquals(content(), Files.readAllBytes(file));
    try (Stream<Path> beside = Files.list(file.getParent())) {
      assertEquals(1, beside.count(), "no partial file is left");
    }
  }

  @Test
  void fileOfEqualLengthFromAnotherUserIsReplaced() throws IOException {
    Path file = UnpackedResources.checkedIn(folder).file(IN_JAR).orElseThrow();
    byte[] planted = content();
    planted[planted.length / 2] ^= 1;
    Files.write(file, planted);
    Path used = UnpackedResources.checkedIn(folder).file(IN_JAR).orElseThrow();
    assertArrayEquals(content(), Files.readAllBytes(used));
  }

  @Test
  void filesBesideTheProgramAreNotVerifiedAgain() throws IOException {
    Path file = UnpackedResources.besideProgramOr(folder).file(IN_JAR).orElseThrow();
    assertFalse(file.startsWith(folder), "the program's folder is writable here");
    assertArrayEquals(content(), Files.readAllBytes(file));
  }

  @Test
  void resourceMissingFromTheClassPathIsAbsent() {
    assertFalse(UnpackedResources.checkedIn(folder).file("/no/such/resource").isPresent());
  }

  @Test
  void errorNamesAFolderThatCannotBeWritten() throws IOException {
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file");
    ThrongException failure =
        assertThrows(
            ThrongException.class, () -> UnpackedResources.checkedIn(blocked).file(IN_JAR));
    assertEquals(ErrorCode.DATA_FOLDER_UNWRITABLE, failure.code());
    assertTrue(String.valueOf(failure.getMessage()).contains(blocked.toAbsolutePath().toString()));
  }

  private static byte[] content() throws IOException {
    try (InputStream in = UnpackedResourcesTest.class.getResourceAsStream(IN_JAR)) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }
}

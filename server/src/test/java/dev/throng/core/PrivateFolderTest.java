package dev.throng.core;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateFolderTest {
  private static final int OTHER_USER = 12_345;

  @TempDir private Path parent = Path.of("");

  private static String permissions(Path folder) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }

  @Test
  void newFolderIsAccessibleToItsOwnerOnly() throws IOException {
    Path folder = parent.resolve("a/b");
    PrivateFolder.prepare(folder);
    assertEquals("rwx------", permissions(folder));
  }

  @Test
  void ownFolderIsMadePrivate() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("open"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    PrivateFolder.prepare(folder);
    assertEquals("rwx------", permissions(folder));
  }

  @Test
  void folderOfAnotherUserIsRefused() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("theirs"));
    assumeTrue(isRoot(), "only root can change a folder's owner");
    Files.setAttribute(folder, "unix:uid", OTHER_USER);
    assertFails(
        ErrorCode.DATA_FOLDER_UNSAFE,
        () -> PrivateFolder.prepare(folder),
        String.valueOf(OTHER_USER));
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}

package dev.throng.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Checks that no other user of the machine can read or change a folder. */
public final class PrivateFolder {
  private static final Path THIS_PROCESS = Path.of("/proc/self");
  private static final String OWNER = "unix:uid";
  private static final int ROOT = 0;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFolder() {}

  /**
   * Creates a folder, or removes other users' access to an existing one. Where the file system has
   * no owners, it only creates the folder.
   *
   * @throws ThrongException DATA_FOLDER_UNSAFE when the folder belongs to another user, or other
   *     users may write to it
   */
  public static void prepare(Path folder) throws IOException {
    boolean isNew = Files.notExists(folder);
    Files.createDirectories(folder);
    if (!hasOwners(folder)) {
      return;
    }
    if (isNew || isOwn(folder)) {
      Files.setPosixFilePermissions(folder, OWNER_ONLY);
      return;
    }
    // A container volume belongs to root, and its group may write to it.
    boolean isOfRoot = owner(folder) == ROOT;
    boolean isOpen =
        Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
    if (!isOfRoot || isOpen) {
      throw new ThrongException(
          ErrorCode.DATA_FOLDER_UNSAFE,
          isOfRoot
              ? "%s: every user may write to it (expected: chmod o-w)".formatted(folder)
              : "%s: belongs to the user with id %d (expected: a folder owned by the user who starts throng)"
                  .formatted(folder, owner(folder)));
    }
  }

  /** Returns whether a folder belongs to the user of this process. */
  public static boolean isOwn(Path folder) throws IOException {
    return hasOwners(folder) && owner(folder) == owner(THIS_PROCESS);
  }

  private static boolean hasOwners(Path folder) {
    return Files.exists(THIS_PROCESS)
        && folder.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private static int owner(Path path) throws IOException {
    return (int) Files.getAttribute(path, OWNER);
  }
}

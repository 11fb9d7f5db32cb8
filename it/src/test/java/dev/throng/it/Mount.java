package dev.throng.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system for one test. If mounting is not permitted, the test is skipped with that reason.
 */
final class Mount implements AutoCloseable {
  private static final int FILLER_BYTES = 1 << 16;

  private final Path folder;
  private boolean isReadOnly;

  private Mount(Path folder) {
    this.folder = folder;
  }

  /**
   * Mounts a small disk.
   *
   * @param folder created here
   */
  static Mount small(Path folder, int mebibytes) throws IOException {
    Files.createDirectories(folder);
    String failure =
        run(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=%dm".formatted(mebibytes),
            "tmpfs",
            folder.toString());
    Assumptions.assumeTrue(failure.isEmpty(), "no file system can be mounted here: " + failure);
    return new Mount(folder);
  }

  Path folder() {
    return folder;
  }

  /** Fills the disk to the last byte. */
  void fill() {
    for (int bytes = FILLER_BYTES; bytes > 0; bytes /= 16) {
      while (isWritten(folder.resolve("filler-" + bytes), bytes)) {
        // until a file of this size no longer fits
      }
    }
  }

  private static boolean isWritten(Path file, int bytes) {
    try {
      Files.write(file, new byte[bytes], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Frees the space again. */
  void free() throws IOException {
    for (int bytes = FILLER_BYTES; bytes > 0; bytes /= 16) {
      Files.deleteIfExists(folder.resolve("filler-" + bytes));
    }
  }

  /**
   * Prevents files from being opened for writing. Open files stay writable: the kernel makes no
   * disk read-only under a writer, and a test cannot repair a broken disk.
   */
  void readOnly() throws IOException {
    // Made read-only in a place where no process opens a file, and then moved into position.
    Path aside = Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-aside"));
    must("mount", "--bind", folder.toString(), aside.toString());
    try {
      must("mount", "-o", "remount,bind,ro", aside.toString());
      must("mount", "--bind", aside.toString(), folder.toString());
      isReadOnly = true;
    } finally {
      must("umount", "-l", aside.toString());
    }
  }

  void writable() throws IOException {
    must("umount", "-l", folder.toString());
    isReadOnly = false;
  }

  @Override
  public void close() throws IOException {
    if (isReadOnly) {
      writable();
    }
    must("umount", "-l", folder.toString());
  }

  private static void must(String... command) throws IOException {
    String failure = run(command);
    if (!failure.isEmpty()) {
      throw new IOException(String.join(" ", command) + ": " + failure);
    }
  }

  /** Returns what a command prints when it fails; "" when it succeeds. */
  private static String run(String... command) {
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : "failed: " + output.strip();
    } catch (IOException e) {
      return "failed: " + e.getMessage(); // the program is missing
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

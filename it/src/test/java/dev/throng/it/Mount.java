package dev.throng.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A file system of a test's own. Who may not mount any skips the test, and says so. */
final class Mount implements AutoCloseable {
  private static final int FILLER_BYTES = 1 << 16;

  private final Path folder;
  private boolean isReadOnly;

  private Mount(Path folder) {
    this.folder = folder;
  }

  /**
   * A small disk.
   *
   * @param folder made here
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

  /** Leaves no byte free. */
  void fill() {
    for (int bytes = FILLER_BYTES; bytes > 0; bytes /= 16) {
      while (isWritten(folder.resolve("filler-" + bytes), bytes)) {
        // until there is no room for as much
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

  /** Makes room again. */
  void free() throws IOException {
    for (int bytes = FILLER_BYTES; bytes > 0; bytes /= 16) {
      Files.deleteIfExists(folder.resolve("filler-" + bytes));
    }
  }

  /**
   * Lets nobody open a file for writing. What is open stays writable: the kernel turns no disk
   * read-only under a writer, and a disk that breaks cannot be mended in a test.
   */
  void readOnly() throws IOException {
    // Made read-only where nobody opens a file meanwhile, and put in place then.
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

  /** What a command says when it fails; "" when it succeeds. */
  private static String run(String... command) {
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : "failed: " + output.strip();
    } catch (IOException e) {
      return "failed: " + e.getMessage(); // there is no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

package dev.throng.index;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes text of documents that a killed process left in its spool. */
final class SpoolCleanup {
  private static final Logger log = LoggerFactory.getLogger(SpoolCleanup.class);

  private SpoolCleanup() {}

  /**
   * Deletes all files. Must be called before anything is written into the folder, which only this
   * process uses.
   */
  static void delete(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      log.warn("files of an earlier process remain in the spool: {}", e.toString());
    }
  }
}

package dev.throng.parser.client;

import dev.throng.core.ThrongException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A folder for the temporary files of one worker, which the server empties. */
record ScratchFolder(Path path) {

  /** Creates the folder and its parents if they do not exist. */
  static ScratchFolder at(Path path) {
    try {
      return new ScratchFolder(Files.createDirectories(path).toAbsolutePath());
    } catch (IOException e) {
      throw ThrongException.ofDisk("the folder %s for a parser".formatted(path), e);
    }
  }

  /** Deletes its content. What cannot be deleted now is deleted the next time. */
  void empty() {
    visit(
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            if (!folder.equals(path)) {
              Files.deleteIfExists(folder);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Returns the total size of all files in it and of the given file.
   *
   * @param beside may be missing
   */
  long bytes(@Nullable Path beside) {
    long[] sum = {beside == null ? 0 : beside.toFile().length()};
    visit(
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sum[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // deleted in the meantime
          }
        });
    return sum[0];
  }

  private void visit(SimpleFileVisitor<Path> visitor) {
    try {
      Files.walkFileTree(path, visitor);
    } catch (IOException e) {
      return; // the worker also deletes files
    }
  }
}

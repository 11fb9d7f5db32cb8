package dev.throng.app;

import dev.throng.core.ErrorCode;
import dev.throng.core.PrivateFolder;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Locks a data folder for one process. The operating system releases the lock when the process
 * ends, however it ends.
 */
final class DataLock implements AutoCloseable {
  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks the folder, which is created when it does not exist.
   *
   * @throws ThrongException DATA_FOLDER_IN_USE, DATA_FOLDER_UNSAFE, DATA_FOLDER_UNWRITABLE
   */
  static DataLock take(Path folder) {
    Path file = folder.resolve("lock");
    try {
      PrivateFolder.prepare(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new ThrongException(
            ErrorCode.DATA_FOLDER_IN_USE,
            "data folder %s: another throng is using it (expected: one process per folder)"
                .formatted(folder));
      }
      return new DataLock(channel);
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.DATA_FOLDER_UNWRITABLE,
          "data folder %s: cannot be used: %s".formatted(folder, e),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this process
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.DATA_FOLDER_UNWRITABLE, "the data folder's lock: " + e, e);
    }
  }
}

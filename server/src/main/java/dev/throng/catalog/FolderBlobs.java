package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Blobs as files in a folder, on this machine or on a volume that all replicas mount. */
public final class FolderBlobs implements BlobStore {
  private static final String PARTIAL = ".part";

  private final Path folder;
  private final Ids ids;

  /**
   * Creates the store.
   *
   * @param folder created with the first blob
   */
  public FolderBlobs(Path folder, Ids ids) {
    this.folder = folder;
    this.ids = ids;
  }

  @Override
  public Blob put(String name, InputStream content, long maxBytes) {
    String key = ids.next();
    Path partial = folder.resolve(key + PARTIAL);
    try {
      Files.createDirectories(folder);
      Blob blob;
      try (FileChannel file =
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        blob =
            BlobReader.read(
                key, name, content, maxBytes, (buffer, length) -> writeAll(file, buffer, length));
        file.force(true);
      }
      Files.move(partial, folder.resolve(key), StandardCopyOption.ATOMIC_MOVE);
      syncFolder();
      return blob;
    } catch (IOException e) {
      throw failed("could not be stored", e);
    } finally {
      deleteQuietly(partial); // exists only if the write failed
    }
  }

  private static void writeAll(FileChannel file, byte[] buffer, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /** Syncs the folder, because a file's name is durable only when its folder is. */
  private void syncFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public LocalFile local(String key) {
    Path file = folder.resolve(key);
    if (!Files.isReadable(file)) {
      throw new ThrongException(
          isPresent() && Files.notExists(file)
              ? ErrorCode.ORIGINAL_MISSING
              : ErrorCode.STORAGE_FAILED,
          "%s (expected: a stored document)".formatted(file));
    }
    return new LocalFile() {
      @Override
      public Path path() {
        return file;
      }

      @Override
      public void close() {
        // Nothing to delete, because the file is the blob itself.
      }
    };
  }

  /**
   * Returns whether the folder is present. A volume that is not mounted leaves an empty folder or
   * none, and its blobs are not lost then.
   */
  private boolean isPresent() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void delete(Collection<String> keys) {
    for (String key : keys) {
      try {
        Files.deleteIfExists(folder.resolve(key));
      } catch (IOException e) {
        throw failed("could not be deleted", e);
      }
    }
  }

  /** Includes blobs that were not written completely. */
  @Override
  public Set<String> keysBefore(Instant time) {
    Set<String> keys = new HashSet<>();
    if (!Files.isDirectory(folder)) {
      return keys;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (wasBefore(file, time)) {
          keys.add(file.getFileName().toString());
        }
      }
      return keys;
    } catch (IOException e) {
      throw failed("could not be listed", e);
    }
  }

  private static boolean wasBefore(Path file, Instant time) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(time);
    } catch (NoSuchFileException e) {
      return false; // another replica was faster
    }
  }

  private ThrongException failed(String what, IOException cause) {
    return ThrongException.ofDisk("a document %s in %s".formatted(what, folder), cause);
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      return; // the sweep deletes it later
    }
  }
}

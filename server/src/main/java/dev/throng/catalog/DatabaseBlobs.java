package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as rows of the shared catalogue, in parts of 64 KiB. Each part has a transaction of its
 * own, so that a large document does not occupy memory or a connection for long.
 */
final class DatabaseBlobs implements BlobStore {
  private final Database database;
  private final InstantSource clock;
  private final Path copies;
  private final Ids ids = new Ids(new SecureRandom());

  /**
   * Creates the store.
   *
   * @param copies a folder for files while they are read
   */
  DatabaseBlobs(Database database, InstantSource clock, Path copies) {
    this.copies = copies;
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Blob put(String name, InputStream content, long maxBytes) {
    String key = ids.next();
    int[] parts = {0};
    try {
      Blob blob =
          BlobReader.read(
              key,
              name,
              content,
              maxBytes,
              (buffer, length) -> insert(key, parts[0]++, Arrays.copyOf(buffer, length)));
      if (blob.bytes() == 0) {
        insert(key, 0, new byte[0]); // an empty blob needs a row, too
      }
      return blob;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing rows throws no IOException
    } catch (RuntimeException e) {
      deleteQuietly(key);
      throw e;
    }
  }

  private void insert(String key, int part, byte[] content) {
    database.call(handle ->
        handle.execute(
            "INSERT INTO blob_part (blob, part, content, created_at) VALUES (?, ?, ?, ?)",
            key,
            part,
            content,
            clock.millis()));
  }

  private void deleteQuietly(String key) {
    try {
      delete(List.of(key));
    } catch (ThrongException e) {
      return; // the sweep deletes it later
    }
  }

  @Override
  public LocalFile local(String key) {
    boolean isWhole = false;
    Path copy = null;
    try {
      Files.createDirectories(copies);
      copy = Files.createTempFile(copies, "original-", "");
      try (OutputStream out = Files.newOutputStream(copy)) {
        int part = 0;
        for (byte[] next = read(key, part); next != null; next = read(key, ++part)) {
          out.write(next);
        }
        if (part == 0) {
          throw new ThrongException(
              ErrorCode.ORIGINAL_MISSING, "the catalogue has no original " + key);
        }
      }
      isWhole = true;
      return new Copy(copy);
    } catch (IOException e) {
      throw ThrongException.ofDisk("a document could not be copied from the catalogue", e);
    } finally {
      if (!isWhole && copy != null) {
        new Copy(copy).close();
      }
    }
  }

  private byte @Nullable [] read(String key, int part) {
    return database.call(handle ->
        handle
            .createQuery("SELECT content FROM blob_part WHERE blob = ? AND part = ?")
            .bind(0, key)
            .bind(1, part)
            .mapTo(byte[].class)
            .findFirst()
            .orElse(null));
  }

  @Override
  public void delete(Collection<String> keys) {
    for (String key : keys) {
      database.call(handle -> handle.execute("DELETE FROM blob_part WHERE blob = ?", key));
    }
  }

  @Override
  public Set<String> keysBefore(Instant time) {
    return database.call(handle ->
        new HashSet<>(
            handle
                .createQuery("SELECT DISTINCT blob FROM blob_part WHERE created_at < ?")
                .bind(0, time.toEpochMilli())
                .mapTo(String.class)
                .list()));
  }

  private record Copy(Path path) implements LocalFile {
    @Override
    public void close() {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

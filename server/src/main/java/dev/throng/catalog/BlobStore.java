package dev.throng.catalog;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/**
 * Keeps documents as they were sent, from before they are acknowledged until nothing needs them any
 * more. Where replicas share jobs, they share this, too, so that any of them can do what another
 * one has taken.
 */
public interface BlobStore {
  /**
   * Keeps what the stream has; it is durable on return. Memory does not grow with it.
   *
   * @param maxBytes more is refused
   * @throws dev.throng.core.ThrongException DOCUMENT_TOO_LARGE, naming {@code name}; STORAGE_FULL,
   *     STORAGE_FAILED, CATALOG_UNAVAILABLE: nothing is kept then
   */
  Blob put(String name, InputStream content, long maxBytes);

  /**
   * A file with the blob's bytes, to be read until it is closed.
   *
   * @throws dev.throng.core.ThrongException ORIGINAL_MISSING; STORAGE_FAILED, also when all are
   *     away
   */
  LocalFile local(String key);

  /** Deletes blobs; those that do not exist are gone already. */
  void delete(Collection<String> keys);

  /** Every blob that was put before, for finding those that nothing needs. */
  Set<String> keysBefore(Instant time);

  /** A blob as a file of this machine; a copy of it is deleted on close. */
  interface LocalFile extends AutoCloseable {
    Path path();

    @Override
    void close();
  }
}

package dev.throng.catalog;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/**
 * Stores documents as they were sent, from before they are acknowledged until they are no longer
 * needed. Replicas that share jobs also share the store, so that any of them can process a document
 * that another one accepted.
 */
public interface BlobStore {
  /**
   * Stores the content of a stream, which is durable on return. Memory use does not grow with the
   * size.
   *
   * @param maxBytes larger content is refused
   * @throws dev.throng.core.ThrongException DOCUMENT_TOO_LARGE, naming {@code name}; STORAGE_FULL,
   *     STORAGE_FAILED, CATALOG_UNAVAILABLE; nothing is stored then
   */
  Blob put(String name, InputStream content, long maxBytes);

  /**
   * Returns a file with the blob's bytes, which can be read until it is closed.
   *
   * @throws dev.throng.core.ThrongException ORIGINAL_MISSING; STORAGE_FAILED, also when the whole
   *     store is missing
   */
  LocalFile local(String key);

  /** Deletes blobs. Blobs that do not exist are ignored. */
  void delete(Collection<String> keys);

  /** Returns every blob that was stored before a time, to find those that are no longer needed. */
  Set<String> keysBefore(Instant time);

  /** A blob as a file on this machine. A temporary copy is deleted on close. */
  interface LocalFile extends AutoCloseable {
    Path path();

    @Override
    void close();
  }
}

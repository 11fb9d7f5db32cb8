package dev.throng.catalog;

import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A document that searches can see.
 *
 * @param contentHash of the bytes and of how they were parsed and chunked, not of the metadata; it
 *     saves work and never identifies a document
 * @param modifiedAt when the source was last changed, in whole milliseconds; null when unknown
 */
public record LiveDocument(
    String id,
    String uri,
    String title,
    Hash contentHash,
    long version,
    int chunkCount,
    Metadata metadata,
    @Nullable Instant modifiedAt,
    Origin origin) {
  public LiveDocument {
    modifiedAt = modifiedAt == null ? null : modifiedAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Creates a document that a client sent. */
  public LiveDocument(
      String id,
      String uri,
      String title,
      Hash contentHash,
      long version,
      int chunkCount,
      Metadata metadata,
      @Nullable Instant modifiedAt) {
    this(id, uri, title, contentHash, version, chunkCount, metadata, modifiedAt, Origin.SENT);
  }
}

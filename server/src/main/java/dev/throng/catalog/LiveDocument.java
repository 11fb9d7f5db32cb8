package dev.throng.catalog;

import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A document as searches may see it.
 *
 * @param contentHash of the bytes and of the way they were parsed and chunked; it saves work, it
 *     never identifies. Metadata is no part of it
 * @param modifiedAt when the source was last changed, in whole milliseconds; null when nobody said
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

  /** One that a client sent. */
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

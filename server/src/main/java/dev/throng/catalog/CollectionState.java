package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A collection at one epoch: an immutable snapshot, held in memory so that no question asks the
 * database.
 *
 * @param epoch grows with each publish and never comes again; equal epochs mean equal documents
 * @param generation names the index that holds the chunks; a new embedder makes a new one
 * @param byVersion the live documents by their live version
 * @param byUri the same documents by source uri
 * @param dead versions replaced or deleted whose chunks may still be in the index, with the time
 *     they died
 * @param invalidations answers that do not count any more, though the documents are the same
 */
public record CollectionState(
    CollectionRef ref,
    CollectionSpec spec,
    long epoch,
    long generation,
    Map<Long, LiveDocument> byVersion,
    Map<String, LiveDocument> byUri,
    Map<Long, Instant> dead,
    Invalidations invalidations) {

  public boolean isLive(long version) {
    return byVersion.containsKey(version);
  }

  public @Nullable LiveDocument documentOf(long version) {
    return byVersion.get(version);
  }

  /** How many chunks a version has; 0 when it is not live. */
  public int chunkCountOf(long version) {
    LiveDocument document = byVersion.get(version);
    return document == null ? 0 : document.chunkCount();
  }

  public Optional<LiveDocument> documentAt(String uri) {
    return Optional.ofNullable(byUri.get(uri));
  }

  public Set<Long> deadVersions() {
    return dead.keySet();
  }
}

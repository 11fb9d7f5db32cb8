package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import java.util.Locale;
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
 * @param stage where it is between its creation and its deletion
 */
public record CollectionState(
    CollectionRef ref,
    CollectionSpec spec,
    long epoch,
    long generation,
    Map<Long, LiveDocument> byVersion,
    Map<String, LiveDocument> byUri,
    Map<Long, Instant> dead,
    Invalidations invalidations,
    Stage stage) {

  /** Where a collection is between its creation and its deletion. */
  public enum Stage {
    /** Documents are on their way into it, and none was published yet. */
    NEW,

    /** Documents were published in it, or an operator has made it. */
    LIVE,

    /** Nothing of it can be found; what belonged to it is being removed. */
    DELETING,

    /** Nothing is left but its row, which keeps its epochs from coming again. */
    DELETED;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Stage of(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /** The same collection without documents, as it is when it is being deleted. */
  CollectionState deleted(long newEpoch, long newGeneration) {
    return new CollectionState(
        ref,
        spec,
        newEpoch,
        newGeneration,
        Map.of(),
        Map.of(),
        Map.of(),
        Invalidations.NONE.purged(newEpoch, Set.of()),
        Stage.DELETING);
  }

  /** Whether documents can be sent to it and published in it. */
  public boolean exists() {
    return stage == Stage.NEW || stage == Stage.LIVE;
  }

  /** Whether clients see it. */
  public boolean isPublished() {
    return stage == Stage.LIVE;
  }

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

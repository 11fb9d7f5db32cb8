package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.UnicodeForms;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A collection at one epoch: an immutable snapshot, held in memory so that questions need not read
 * the database.
 *
 * @param epoch increases with each publish and never repeats; equal epochs mean equal documents
 * @param indexNumber number of the index that holds the chunks; a new embedder needs a new one
 * @param byVersion the live documents by their live version
 * @param byUri the same documents by source uri
 * @param dead replaced or deleted versions whose chunks may still be in the index, with the time
 *     they died
 * @param invalidations answers that are no longer valid although the documents are the same
 * @param stage the stage between its creation and its deletion
 */
public record CollectionState(
    CollectionRef ref,
    CollectionSpec spec,
    long epoch,
    long indexNumber,
    Map<Long, LiveDocument> byVersion,
    Map<String, LiveDocument> byUri,
    Map<Long, Instant> dead,
    Invalidations invalidations,
    Stage stage) {

  /** The stage of a collection between its creation and its deletion. */
  public enum Stage {
    /** Documents are being ingested into it, and none was published yet. */
    NEW,

    /** Documents were published in it, or an operator has created it. */
    LIVE,

    /** Nothing in it can be found, and its data is being removed. */
    DELETING,

    /** Only its row is left, which prevents its epochs from being reused. */
    DELETED;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Stage of(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /** Returns the collection without documents, as it is while it is being deleted. */
  CollectionState deleted(long newEpoch, long newIndexNumber) {
    return new CollectionState(
        ref,
        spec,
        newEpoch,
        newIndexNumber,
        Map.of(),
        Map.of(),
        Map.of(),
        Invalidations.NONE.purged(newEpoch, Set.of()),
        Stage.DELETING);
  }

  /** Returns whether documents can be sent to it and published in it. */
  public boolean exists() {
    return stage == Stage.NEW || stage == Stage.LIVE;
  }

  /** Returns whether clients can see it. */
  public boolean isPublished() {
    return stage == Stage.LIVE;
  }

  public boolean isLive(long version) {
    return byVersion.containsKey(version);
  }

  public @Nullable LiveDocument documentOf(long version) {
    return byVersion.get(version);
  }

  /** Returns how many chunks a version has, or 0 when it is not live. */
  public int chunkCountOf(long version) {
    LiveDocument document = byVersion.get(version);
    return document == null ? 0 : document.chunkCount();
  }

  /** Returns the live document with a uri, in whichever way Unicode writes it. */
  public Optional<LiveDocument> documentAt(String uri) {
    LiveDocument document = byUri.get(uri);
    return Optional.ofNullable(document == null ? byUri.get(UnicodeForms.composed(uri)) : document);
  }

  /** Returns the live document with an id. */
  public Optional<LiveDocument> documentWithId(String documentId) {
    return byUri.values().stream().filter(document -> document.id().equals(documentId)).findFirst();
  }

  /**
   * Returns the live document with an id.
   *
   * @throws ThrongException UNKNOWN_DOCUMENT
   */
  public LiveDocument document(String documentId) {
    return documentWithId(documentId).orElseThrow(() -> unknownDocument(documentId));
  }

  /** Returns the failure that the collection has no such document. */
  public ThrongException unknownDocument(String documentId) {
    return new ThrongException(
        ErrorCode.UNKNOWN_DOCUMENT,
        "document \"%s\" of collection \"%s\"".formatted(documentId, ref.name()));
  }

  /** Returns the ids of all live documents. */
  public Set<String> liveDocuments() {
    return byUri.values().stream().map(LiveDocument::id).collect(Collectors.toUnmodifiableSet());
  }

  public Set<Long> deadVersions() {
    return dead.keySet();
  }
}

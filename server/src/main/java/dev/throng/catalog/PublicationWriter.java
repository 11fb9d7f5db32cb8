package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Applies a publication to a collection, in memory and in the database. */
final class PublicationWriter {
  private PublicationWriter() {}

  /**
   * Returns the part of a publication that is valid for the collection's current state: only the
   * removals if its chunks were written to an index that is no longer the live one.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE while new versions have to wait for a switch to
   *     another index
   */
  static Publication validPart(
      Handle transaction, Publication change, CollectionState before, Instant now) {
    if (change.indexNumber() != Publication.ANY_INDEX
        && change.indexNumber() != before.indexNumber()) {
      return change.removals();
    }
    if (!change.live().isEmpty()
        && CollectionIndexes.arePublishesHeld(transaction, before.ref(), now)) {
      throw new ThrongException(
          ErrorCode.CATALOG_UNAVAILABLE,
          "%s is about to switch to another index".formatted(before.ref()));
    }
    return change;
  }

  /**
   * Ends the jobs that made the new versions.
   *
   * @return the publication without versions whose job was taken over by another process
   */
  static Publication endJobs(Handle transaction, Publication change, Instant now) {
    Set<Long> refused = new HashSet<>();
    for (LiveDocument document : change.live()) {
      JobClaim claim = change.claims().get(document.version());
      if (claim != null && !JobRows.finish(transaction, claim, document, now)) {
        refused.add(document.version());
      }
    }
    return refused.isEmpty() ? change : change.without(refused);
  }

  /** Returns the state after it. */
  static CollectionState apply(CollectionState state, Publication change, Instant now) {
    Map<Long, LiveDocument> byVersion = new HashMap<>(state.byVersion());
    Map<String, LiveDocument> byUri = new HashMap<>(state.byUri());
    Map<Long, Instant> dead = new HashMap<>(state.dead());
    for (LiveDocument document : change.live()) {
      LiveDocument before = byUri.put(document.uri(), document);
      // The same version again means that the caller did not learn that its publish had succeeded.
      if (before != null && before.version() != document.version()) {
        byVersion.remove(before.version());
        dead.put(before.version(), now);
      }
      byVersion.put(document.version(), document);
    }
    state.byUri().values().stream()
        .filter(document -> change.removedDocumentIds().contains(document.id()))
        .forEach(document -> {
          byUri.remove(document.uri());
          byVersion.remove(document.version());
          dead.put(document.version(), now);
        });
    dead.keySet().removeAll(change.purgedVersions());
    return new CollectionState(
        state.ref(),
        state.spec(),
        Epochs.next(state.epoch(), now),
        state.indexNumber(),
        Map.copyOf(byVersion),
        Map.copyOf(byUri),
        Map.copyOf(dead),
        state.invalidations(),
        change.live().isEmpty() ? state.stage() : CollectionState.Stage.LIVE);
  }

  /** Writes a publication, in a transaction that has locked the collection's row. */
  static void write(
      Handle handle,
      Publication change,
      Instant now,
      CollectionState before,
      CollectionState next) {
    var die =
        handle.prepareBatch(
            "UPDATE document_version SET state = 'dead', died_at = ?, changed_epoch = ?"
                + " WHERE document_id = ? AND state = 'live'");
    Stream.concat(
            change.live().stream().map(LiveDocument::id), change.removedDocumentIds().stream())
        .forEach(id -> die.bind(0, now.toEpochMilli()).bind(1, next.epoch()).bind(2, id).add());
    if (die.size() > 0) {
      die.execute();
    }
    var live =
        handle.prepareBatch(
            "UPDATE document_version SET state = 'live', chunk_count = ?, title = ?, died_at = NULL,"
                + " metadata = ?, modified_at = ?, changed_epoch = ? WHERE id = ?");
    change
        .live()
        .forEach(document ->
            live.bind(0, document.chunkCount())
                .bind(1, document.title())
                .bind(2, MetadataJson.text(document.metadata()))
                .bind(3, Epochs.millis(document.modifiedAt()))
                .bind(4, next.epoch())
                .bind(5, document.version())
                .add());
    if (live.size() > 0) {
      live.execute();
    }
    notePurges(handle, change.purgedVersions(), next);
    deleteVersions(handle, change.purgedVersions());
    moveEpoch(handle, before, next);
  }

  /** Moves the epoch, in a transaction that has locked the collection's row. */
  static void moveEpoch(Handle handle, CollectionState before, CollectionState next) {
    int rows =
        handle.execute(
            "UPDATE collection SET epoch = ?, stage = ? WHERE tenant = ? AND name = ? AND epoch = ?",
            next.epoch(),
            next.stage().code(),
            next.ref().tenant(),
            next.ref().name(),
            before.epoch());
    if (rows != 1) {
      throw new IllegalStateException(
          "epoch of %s: changed although its row was locked (expected: %d)"
              .formatted(next.ref(), before.epoch()));
    }
  }

  private static void notePurges(Handle handle, Set<Long> purged, CollectionState next) {
    if (purged.isEmpty()) {
      return;
    }
    CollectionRef ref = next.ref();
    var note =
        handle.prepareBatch(
            "INSERT INTO purged_version (version, collection_id, epoch)"
                + " SELECT ?, id, ? FROM collection WHERE tenant = ? AND name = ?"
                + " ON CONFLICT (version) DO NOTHING");
    purged.forEach(version ->
        note.bind(0, version)
            .bind(1, next.epoch())
            .bind(2, ref.tenant())
            .bind(3, ref.name())
            .add());
    note.execute();
    handle.execute(
        "DELETE FROM purged_version WHERE epoch < ? AND collection_id = " + CollectionRows.ID,
        next.epoch() - StateReader.PURGES_KEPT.toMillis(),
        ref.tenant(),
        ref.name());
  }

  /** Deletes versions, and documents that have none left. */
  static boolean deleteVersions(Handle handle, Set<Long> versions) {
    if (versions.isEmpty()) {
      return false;
    }
    var delete = handle.prepareBatch("DELETE FROM document_version WHERE id = ?");
    versions.forEach(version -> delete.bind(0, version).add());
    delete.execute();
    handle.execute(
        "DELETE FROM document WHERE NOT EXISTS"
            + " (SELECT 1 FROM document_version v WHERE v.document_id = document.id)");
    return true;
  }
}

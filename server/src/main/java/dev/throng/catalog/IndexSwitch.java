package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** A switch of a collection to another of its indexes, within a transaction. */
final class IndexSwitch {
  /** The live versions of a collection. */
  private static final String LIVE =
      " FROM document_version v JOIN document d ON d.id = v.document_id"
          + " WHERE d.collection_id = ? AND v.state = 'live'";

  private final Handle transaction;
  private final CollectionRef ref;
  private final long collection;
  private final CollectionState before;

  /** Locks the collection's row. */
  IndexSwitch(Handle transaction, CollectionRef ref, String forUpdate) {
    this.transaction = transaction;
    this.ref = ref;
    this.collection = CollectionRows.lock(transaction, ref, forUpdate);
    this.before = state();
  }

  private CollectionState state() {
    return Objects.requireNonNull(StateReader.locked(transaction, ref, "", null));
  }

  /** Like {@link CollectionIndexes#switchTo}. */
  Optional<CollectionState> to(long number, long epoch, Instant now) {
    if (before.epoch() != epoch || !isComplete(number)) {
      return Optional.empty();
    }
    long next = Epochs.next(epoch, now);
    dropFormer(number, now);
    keepLive(now);
    takeOver(number, next);
    return Optional.of(state());
  }

  private boolean isComplete(long number) {
    long missing =
        transaction
            .createQuery(
                "SELECT count(*)"
                    + LIVE
                    + " AND NOT EXISTS (SELECT 1 FROM index_version g WHERE"
                    + " g.collection_id = d.collection_id AND g.number = ? AND g.version = v.id)")
            .bind(0, collection)
            .bind(1, number)
            .mapTo(long.class)
            .one();
    return missing == 0;
  }

  private void dropFormer(long number, Instant now) {
    transaction.execute(
        "UPDATE collection_index SET state = 'dropped', since = ?"
            + " WHERE collection_id = ? AND state = 'former' AND number <> ?",
        now.toEpochMilli(),
        collection,
        number);
  }

  /** Turns the live index into the former one, with its data of each document. */
  private void keepLive(Instant now) {
    transaction.execute(
        "INSERT INTO collection_index"
            + " (collection_id, number, state, language, embedder, dimension, pipeline, since)"
            + " SELECT id, index_number, 'former', language, embedder, dimension, '', ?"
            + " FROM collection WHERE id = ?",
        now.toEpochMilli(),
        collection);
    transaction.execute(
        "INSERT INTO index_version (collection_id, number, version, content_hash, chunk_count)"
            + " SELECT d.collection_id, ?, v.id, v.content_hash, v.chunk_count"
            + LIVE,
        before.indexNumber(),
        collection);
  }

  private void takeOver(long number, long epoch) {
    String its =
        " FROM index_version g WHERE g.collection_id = ? AND g.number = ?"
            + " AND g.version = document_version.id)";
    transaction.execute(
        "UPDATE document_version SET changed_epoch = ?, content_hash = (SELECT g.content_hash"
            + its
            + ", chunk_count = (SELECT g.chunk_count"
            + its
            + " WHERE state = 'live' AND document_id IN"
            + " (SELECT id FROM document WHERE collection_id = ?)",
        epoch,
        collection,
        number,
        collection,
        number,
        collection);
    transaction.execute(
        "UPDATE collection SET epoch = ?, index_number = ?, (language, embedder, dimension) ="
            + " (SELECT g.language, g.embedder, g.dimension FROM collection_index g"
            + " WHERE g.collection_id = collection.id AND g.number = ?) WHERE id = ?",
        epoch,
        number,
        number,
        collection);
    transaction.execute(
        "DELETE FROM collection_index WHERE collection_id = ? AND number = ?", collection, number);
    transaction.execute(
        "DELETE FROM index_version WHERE collection_id = ? AND number = ?", collection, number);
  }
}

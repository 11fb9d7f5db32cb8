package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Deletes whole collections in two steps: {@link #begin} makes one invisible, and {@link #finish}
 * removes its rows when everything that they refer to has been removed. The collection's own row
 * stays between the two steps and for a while after them:
 * docs/decisions/0034-deleted-collections.md.
 */
public final class Deletions {
  /** The documents of a collection, whose id is the parameter. */
  private static final String DOCUMENTS = "(SELECT id FROM document WHERE collection_id = ?)";

  /** Conditions on a collection c, with a time as the parameter, twice. */
  private static final String UNUSED =
      " c.stage = 'new' AND c.stage_since < ? AND NOT EXISTS (SELECT 1 FROM job j"
          + " WHERE j.collection_id = c.id AND (j.finished_at IS NULL OR j.finished_at >= ?))"
          + " AND NOT EXISTS (SELECT 1 FROM document d WHERE d.collection_id = c.id)";

  /** Conditions on a collection c, with a time as the parameter. */
  private static final String FORGETTABLE =
      " c.stage = 'deleted' AND c.stage_since < ?"
          + " AND NOT EXISTS (SELECT 1 FROM collection_index g WHERE g.collection_id = c.id)"
          + " AND NOT EXISTS (SELECT 1 FROM document d WHERE d.collection_id = c.id)"
          + " AND NOT EXISTS (SELECT 1 FROM job j WHERE j.collection_id = c.id)";

  /**
   * The result of {@link #finish}.
   *
   * @param versions number of versions of its documents
   */
  public record Removed(int versions, int jobs) {}

  private final CollectionMoves moves;
  private final KnownStates states;
  private final Database database;
  private final InstantSource clock;

  Deletions(CollectionMoves moves, KnownStates states, Database database, InstantSource clock) {
    this.moves = moves;
    this.states = states;
    this.database = database;
    this.clock = clock;
  }

  /**
   * Makes a collection invisible: its documents are no longer live, its jobs are cancelled, and its
   * indexes are marked for deletion. Returns when no replica finds anything in it, and each has
   * cleared its memory as for a purge.
   *
   * @return the state after it, without documents
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public CollectionState begin(CollectionRef ref) {
    return moves.of(List.of(ref), this::begin).getFirst();
  }

  private CollectionState begin(Handle transaction, CollectionState before, Instant now) {
    long id = CollectionRows.lock(transaction, before.ref(), "");
    long epoch = Epochs.next(before.epoch(), now);
    long millis = now.toEpochMilli();
    transaction.execute(
        "UPDATE document_version SET state = 'dead', died_at = ?, changed_epoch = ?"
            + " WHERE state = 'live' AND document_id IN "
            + DOCUMENTS,
        millis,
        epoch,
        id);
    transaction.execute(
        "UPDATE job SET state = 'cancelled', worker = '', finished_at = ?"
            + " WHERE finished_at IS NULL AND collection_id = ?",
        millis,
        id);
    dropIndexes(transaction, id, millis);
    // A number that no index of this name had, so that chunks that are written late never become
    // live.
    transaction.execute(
        "UPDATE collection SET epoch = ?, stage = 'deleting', stage_since = ?,"
            + " index_number = last_index + 1, last_index = last_index + 1"
            + " WHERE id = ?",
        epoch,
        millis,
        id);
    long indexNumber =
        transaction
            .createQuery("SELECT index_number FROM collection WHERE id = ?")
            .bind(0, id)
            .mapTo(long.class)
            .one();
    CollectionState after = before.deleted(epoch, indexNumber);
    InvalidationRows.replace(transaction, after);
    return after;
  }

  private static void dropIndexes(Handle transaction, long id, long millis) {
    transaction.execute("DELETE FROM index_version WHERE collection_id = ?", id);
    transaction.execute(
        "UPDATE collection_index SET state = 'dropped', since = ?, held_until = 0"
            + " WHERE state <> 'dropped' AND collection_id = ?",
        millis,
        id);
    transaction.execute(
        "INSERT INTO collection_index"
            + " (collection_id, number, state, language, embedder, dimension, pipeline, since)"
            + " SELECT id, index_number, 'dropped', language, embedder, dimension, '', ?"
            + " FROM collection WHERE id = ?",
        millis,
        id);
  }

  /**
   * Makes collections invisible in which nothing was ever published, and for which no document is
   * being ingested.
   *
   * @param before the time before which they were created and their last jobs ended
   */
  public void beginUnused(Instant before) {
    for (CollectionRef ref : unused(before)) {
      try {
        moves.of(
            List.of(ref),
            (transaction, state, now) ->
                isUnused(transaction, ref, before) ? begin(transaction, state, now) : state);
      } catch (ThrongException e) {
        if (e.code() != ErrorCode.UNKNOWN_COLLECTION) { // another replica was faster
          throw e;
        }
      }
    }
  }

  private List<CollectionRef> unused(Instant before) {
    return database.call(handle ->
        handle
            .createQuery("SELECT c.tenant, c.name FROM collection c WHERE" + UNUSED)
            .bind(0, before.toEpochMilli())
            .bind(1, before.toEpochMilli())
            .map(
                (row, context) -> new CollectionRef(row.getString("tenant"), row.getString("name")))
            .list());
  }

  /** Checked again with the row locked, because documents may have been sent in the meantime. */
  private static boolean isUnused(Handle transaction, CollectionRef ref, Instant before) {
    return transaction
        .createQuery(
            "SELECT 1 FROM collection c WHERE" + UNUSED + " AND c.tenant = ? AND c.name = ?")
        .bind(0, before.toEpochMilli())
        .bind(1, before.toEpochMilli())
        .bind(2, ref.tenant())
        .bind(3, ref.name())
        .mapTo(int.class)
        .findFirst()
        .isPresent();
  }

  /**
   * Removes the rows of collections that were deleted before a time and have nothing left. Later
   * collections start above their epochs and index numbers, whatever their names are.
   */
  public void forgetBefore(Instant time) {
    record Row(long id, CollectionRef ref, long epoch, long indexNumber) {}
    List<Row> rows =
        database.call(handle ->
            handle.inTransaction(transaction -> {
              CollectionRows.lockFloor(transaction, database.forUpdate());
              List<Row> old =
                  transaction
                      .createQuery(
                          "SELECT id, tenant, name, epoch, last_index FROM collection c WHERE"
                              + FORGETTABLE
                              + database.forUpdate())
                      .bind(0, time.toEpochMilli())
                      .map((row, context) ->
                          new Row(
                              row.getLong("id"),
                              new CollectionRef(row.getString("tenant"), row.getString("name")),
                              row.getLong("epoch"),
                              row.getLong("last_index")))
                      .list();
              for (Row row : old) {
                CollectionRows.raiseFloor(transaction, row.epoch(), row.indexNumber());
                transaction.execute("DELETE FROM invalidation WHERE collection_id = ?", row.id());
                transaction.execute("DELETE FROM collection WHERE id = ?", row.id());
              }
              return old;
            }));
    rows.forEach(row -> states.forgetDeleted(row.ref()));
  }

  /** Returns the collections of all tenants whose data may not be completely removed. */
  public List<CollectionState> unfinished() {
    return database.call(handle ->
        handle
            .createQuery("SELECT tenant, name FROM collection WHERE stage = 'deleting'")
            .map(
                (row, context) -> new CollectionRef(row.getString("tenant"), row.getString("name")))
            .list()
            .stream()
            .map(ref -> StateReader.locked(handle, ref, "", null))
            .filter(Objects::nonNull)
            .toList());
  }

  /** Returns the originals of all versions and jobs of a collection that is being deleted. */
  public Set<String> originalsOf(CollectionRef ref) {
    return database.call(handle ->
        handle
            .createQuery(
                "SELECT v.blob FROM document_version v JOIN document d ON d.id = v.document_id"
                    + " JOIN collection c ON c.id = d.collection_id WHERE v.blob <> ''"
                    + " AND c.stage = 'deleting' AND c.tenant = ? AND c.name = ?"
                    + " UNION SELECT j.blob FROM job j JOIN collection c ON c.id = j.collection_id"
                    + " WHERE j.blob <> '' AND c.stage = 'deleting' AND c.tenant = ? AND c.name = ?")
            .bind(0, ref.tenant())
            .bind(1, ref.name())
            .bind(2, ref.tenant())
            .bind(3, ref.name())
            .mapTo(String.class)
            .collectIntoSet());
  }

  /**
   * Removes the rows of documents, versions, jobs and their Idempotency-Keys of a collection that
   * is being deleted. Its chunks and originals must have been removed. Does nothing for other
   * collections.
   */
  public Removed finish(CollectionRef ref) {
    Removed[] removed = {new Removed(0, 0)};
    CollectionState state =
        database.call(handle ->
            handle.inTransaction(transaction -> {
              List<Long> ids =
                  transaction
                      .createQuery(
                          "SELECT id FROM collection WHERE tenant = ? AND name = ?"
                              + " AND stage = 'deleting'"
                              + database.forUpdate())
                      .bind(0, ref.tenant())
                      .bind(1, ref.name())
                      .mapTo(long.class)
                      .list();
              for (long id : ids) {
                removed[0] = remove(transaction, ref, id);
              }
              return StateReader.locked(transaction, ref, "", null);
            }));
    if (state != null) {
      states.keep(state);
    }
    return removed[0];
  }

  private Removed remove(Handle transaction, CollectionRef ref, long id) {
    int versions =
        transaction.execute("DELETE FROM document_version WHERE document_id IN " + DOCUMENTS, id);
    transaction.execute("DELETE FROM document WHERE collection_id = ?", id);
    transaction.execute("DELETE FROM purged_version WHERE collection_id = ?", id);
    transaction.execute("DELETE FROM feedback WHERE collection_id = ?", id);
    int jobs = transaction.execute("DELETE FROM job WHERE collection_id = ?", id);
    Purges.deleteKeysWithoutJobs(transaction, ref.tenant());
    transaction.execute(
        "UPDATE collection SET epoch = epoch + 1, stage = 'deleted', stage_since = ? WHERE id = ?",
        clock.millis(),
        id);
    return new Removed(versions, jobs);
  }
}

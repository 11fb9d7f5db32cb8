package dev.throng.catalog;

import dev.throng.catalog.CollectionIndex.Built;
import dev.throng.catalog.CollectionIndex.State;
import dev.throng.core.CollectionRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * The indexes that a collection has in addition to its live one. A version has the same number in
 * all of them, so a switch between them changes no document, only the location of its chunks.
 *
 * <p>Every method fails with UNKNOWN_COLLECTION, or with CATALOG_UNAVAILABLE while the database is
 * unavailable.
 */
public final class CollectionIndexes {
  private static final String OF_COLLECTION = "collection_id = " + CollectionRows.ID;

  private static final String SELECT =
      "SELECT g.*, c.tenant, c.name, (SELECT count(*) FROM index_version v"
          + " WHERE v.collection_id = g.collection_id AND v.number = g.number) AS documents"
          + " FROM collection_index g JOIN collection c ON c.id = g.collection_id";

  /** An index and its collection. */
  public record Placed(CollectionRef collection, CollectionIndex index) {}

  private final Database database;
  private final InstantSource clock;
  private final UnaryOperator<CollectionState> published;

  /**
   * Creates the operations.
   *
   * @param published takes over a new state, and returns when no replica works with an older one
   */
  CollectionIndexes(
      Database database, InstantSource clock, UnaryOperator<CollectionState> published) {
    this.database = database;
    this.clock = clock;
    this.published = published;
  }

  /**
   * Returns the index to be built: the one that was started with the same properties, or a new one
   * in its place.
   */
  public CollectionIndex begin(CollectionRef ref, CollectionSpec spec, String pipeline) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          CollectionRows.lock(transaction, ref, database.forUpdate());
          Optional<CollectionIndex> started =
              in(transaction, ref, State.BUILDING)
                  .filter(known -> known.spec().equals(spec) && known.pipeline().equals(pipeline));
          return started.orElseGet(() -> {
            drop(transaction, ref, State.BUILDING);
            return add(transaction, ref, spec, pipeline);
          });
        }));
  }

  private CollectionIndex add(
      Handle transaction, CollectionRef ref, CollectionSpec spec, String pipeline) {
    transaction.execute(
        "UPDATE collection SET last_index = last_index + 1 WHERE tenant = ? AND name = ?",
        ref.tenant(),
        ref.name());
    transaction.execute(
        "INSERT INTO collection_index"
            + " (collection_id, number, state, language, embedder, dimension, pipeline, since)"
            + " SELECT id, last_index, 'building', ?, ?, ?, ?, ? FROM collection"
            + " WHERE tenant = ? AND name = ?",
        spec.language(),
        spec.embedderId(),
        spec.dimension(),
        pipeline,
        clock.millis(),
        ref.tenant(),
        ref.name());
    return in(transaction, ref, State.BUILDING).orElseThrow();
  }

  /** Returns the indexes of a collection, including those to be deleted but not the live one. */
  public List<CollectionIndex> of(CollectionRef ref) {
    return database.call(handle -> list(handle, ref));
  }

  /** Returns the index with that number, unless it is live or deleted. */
  public Optional<CollectionIndex> find(CollectionRef ref, long number) {
    return of(ref).stream()
        .filter(known -> known.number() == number && known.state() != State.DROPPED)
        .findFirst();
  }

  /**
   * Returns the index in the given state. There is at most one that is being built, and at most one
   * former one.
   */
  public Optional<CollectionIndex> in(CollectionRef ref, State state) {
    return database.call(handle -> in(handle, ref, state));
  }

  private static Optional<CollectionIndex> in(Handle handle, CollectionRef ref, State state) {
    return list(handle, ref).stream().filter(known -> known.state() == state).findFirst();
  }

  private static List<CollectionIndex> list(Handle handle, CollectionRef ref) {
    return handle
        .createQuery(SELECT + " WHERE c.tenant = ? AND c.name = ? ORDER BY g.number")
        .bind(0, ref.tenant())
        .bind(1, ref.name())
        .map((row, context) -> index(row))
        .list();
  }

  private static CollectionIndex index(ResultSet row) throws SQLException {
    return new CollectionIndex(
        row.getLong("number"),
        State.of(row.getString("state")),
        new CollectionSpec(
            row.getString("language"), row.getString("embedder"), row.getInt("dimension")),
        row.getString("pipeline"),
        Instant.ofEpochMilli(row.getLong("since")),
        row.getInt("documents"));
  }

  /** Returns the versions that it contains completely. */
  public Set<Long> built(CollectionRef ref, long number) {
    return database.call(handle ->
        new HashSet<>(
            handle
                .createQuery(
                    "SELECT version FROM index_version WHERE number = ? AND " + OF_COLLECTION)
                .bind(0, number)
                .bind(1, ref.tenant())
                .bind(2, ref.name())
                .mapTo(long.class)
                .list()));
  }

  /**
   * Records versions whose chunks are all in the index, durable and readable.
   *
   * @param claim claim of the job that builds it; if another process has taken the job over,
   *     nothing is recorded
   */
  public void note(CollectionRef ref, long number, Collection<Built> built, JobClaim claim) {
    database.call(handle ->
        handle.inTransaction(transaction -> {
          var insert =
              transaction.prepareBatch(
                  "INSERT INTO index_version"
                      + " (collection_id, number, version, content_hash, chunk_count)"
                      + " SELECT c.id, ?, ?, ?, ? FROM collection c WHERE c.tenant = ? AND c.name = ?"
                      + " AND EXISTS (SELECT 1 FROM job WHERE job.number = ? AND claim = ? AND "
                      + JobRows.RUNNING
                      + ") ON CONFLICT (collection_id, number, version) DO NOTHING");
          for (Built version : built) {
            insert
                .bind(0, number)
                .bind(1, version.version())
                .bind(2, version.contentHash().hex())
                .bind(3, version.chunkCount())
                .bind(4, ref.tenant())
                .bind(5, ref.name())
                .bind(6, claim.number())
                .bind(7, claim.claim())
                .add();
          }
          return built.isEmpty() ? new int[0] : insert.execute();
        }));
  }

  /** Records that versions are no longer in the index, or no longer complete. */
  public void forget(CollectionRef ref, long number, Collection<Long> versions) {
    database.call(handle ->
        handle.inTransaction(transaction -> {
          var delete =
              transaction.prepareBatch(
                  "DELETE FROM index_version WHERE number = ? AND version = ? AND "
                      + OF_COLLECTION);
          versions.forEach(version ->
              delete
                  .bind(0, number)
                  .bind(1, version)
                  .bind(2, ref.tenant())
                  .bind(3, ref.name())
                  .add());
          return versions.isEmpty() ? new int[0] : delete.execute();
        }));
  }

  /**
   * Prevents new versions from being published for a moment, so that the last ones can be added. A
   * replica whose clock is wrong may not wait, and then the switch fails.
   */
  public void holdPublishes(CollectionRef ref, long number, Instant until) {
    database.call(handle ->
        handle.execute(
            "UPDATE collection_index SET held_until = ? WHERE number = ? AND " + OF_COLLECTION,
            until.toEpochMilli(),
            number,
            ref.tenant(),
            ref.name()));
  }

  /** Returns whether new versions of the collection have to wait. */
  static boolean arePublishesHeld(Handle handle, CollectionRef ref, Instant now) {
    return handle
        .createQuery(
            "SELECT 1 FROM collection_index WHERE held_until > ? AND state <> 'dropped' AND "
                + OF_COLLECTION)
        .bind(0, now.toEpochMilli())
        .bind(1, ref.tenant())
        .bind(2, ref.name())
        .mapTo(int.class)
        .findFirst()
        .isPresent();
  }

  /**
   * Makes the index the live one, in one transaction. The live one becomes the former one, and an
   * earlier former one is dropped.
   *
   * @param epoch the epoch at which every live version was found in it
   * @return the state after it, at a later epoch; empty when the collection has changed since, or a
   *     live version is missing
   */
  public Optional<CollectionState> switchTo(CollectionRef ref, long number, long epoch) {
    Instant now = clock.instant();
    Optional<CollectionState> next =
        database.call(handle ->
            handle.inTransaction(transaction ->
                new IndexSwitch(transaction, ref, database.forUpdate()).to(number, epoch, now)));
    return next.map(published);
  }

  /** Drops the collection's index in that state. */
  public void drop(CollectionRef ref, State state) {
    database.call(handle -> handle.inTransaction(transaction -> drop(transaction, ref, state)));
  }

  private int drop(Handle transaction, CollectionRef ref, State state) {
    return transaction.execute(
        "UPDATE collection_index SET state = 'dropped', since = ? WHERE state = ? AND "
            + OF_COLLECTION,
        clock.millis(),
        state.code(),
        ref.tenant(),
        ref.name());
  }

  /**
   * Returns the indexes of all collections that were dropped before a time, and whose chunks must
   * be deleted.
   */
  public List<Placed> droppedBefore(Instant time) {
    return database.call(handle ->
        handle
            .createQuery(SELECT + " WHERE g.state = 'dropped' AND g.since < ?")
            .bind(0, time.toEpochMilli())
            .map((row, context) ->
                new Placed(
                    new CollectionRef(row.getString("tenant"), row.getString("name")), index(row)))
            .list());
  }

  /** Removes the row of a deleted index. */
  public void forget(CollectionRef ref, long number) {
    database.call(handle ->
        handle.inTransaction(transaction -> {
          for (String table : List.of("index_version", "collection_index")) {
            transaction.execute(
                "DELETE FROM %s WHERE number = ? AND %s".formatted(table, OF_COLLECTION),
                number,
                ref.tenant(),
                ref.name());
          }
          return true;
        }));
  }
}

package dev.throng.catalog;

import dev.throng.catalog.CollectionState.Stage;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Creates, finds and locks the rows of collections in the database. */
final class CollectionRows {
  private static final String NAMED = " WHERE tenant = ? AND name = ?";

  /** The id of the collection of a tenant and a name, in that order. */
  static final String ID = "(SELECT id FROM collection" + NAMED + ")";

  private CollectionRows() {}

  /**
   * Creates the collection, at an epoch that no collection of that name had before. An existing one
   * keeps its spec.
   *
   * @param stage NEW or LIVE; a live collection stays live
   * @param maxOfTenant maximum number of collections of its tenant
   * @throws ThrongException QUOTA_EXCEEDED, COLLECTION_DELETING
   */
  static void create(
      Handle transaction,
      CollectionRef ref,
      CollectionSpec spec,
      Stage stage,
      int maxOfTenant,
      Instant now,
      String forUpdate) {
    TenantUsage.checkCollections(transaction, ref, maxOfTenant);
    lockFloor(transaction, forUpdate);
    transaction.execute(
        "INSERT INTO collection (tenant, name, language, embedder, dimension, epoch, index_number,"
            + " last_index, stage, stage_since)"
            + " SELECT ?, ?, ?, ?, ?, epoch + 1, index_number + 1, index_number + 1, ?, ?"
            + " FROM collection_floor WHERE true ON CONFLICT (tenant, name) DO NOTHING",
        ref.tenant(),
        ref.name(),
        spec.language(),
        spec.embedderId(),
        spec.dimension(),
        stage.code(),
        now.toEpochMilli());
    transaction.execute(
        "UPDATE collection SET language = ?, embedder = ?, dimension = ?, epoch = epoch + 1,"
            + " stage = ?, stage_since = ?"
            + NAMED
            + " AND stage = 'deleted'",
        spec.language(),
        spec.embedderId(),
        spec.dimension(),
        stage.code(),
        now.toEpochMilli(),
        ref.tenant(),
        ref.name());
    if (stage == Stage.LIVE) {
      transaction.execute(
          "UPDATE collection SET epoch = epoch + 1, stage = 'live'" + NAMED + " AND stage = 'new'",
          ref.tenant(),
          ref.name());
    }
    if (stage(transaction, ref).equals(Optional.of(Stage.DELETING))) {
      throw new ThrongException(
          ErrorCode.COLLECTION_DELETING, "collection: \"%s\"".formatted(ref.name()));
    }
  }

  /**
   * Locks the floor, so that the creation of a collection does not read it while the removal of
   * another one changes it.
   */
  static void lockFloor(Handle transaction, String forUpdate) {
    var _ =
        transaction
            .createQuery("SELECT epoch FROM collection_floor" + forUpdate)
            .mapTo(long.class)
            .one();
  }

  /** Raises the epoch and index number above which new collections start. */
  static void raiseFloor(Handle transaction, long epoch, long indexNumber) {
    transaction.execute(
        "UPDATE collection_floor SET epoch = CASE WHEN epoch < ? THEN ? ELSE epoch END,"
            + " index_number = CASE WHEN index_number < ? THEN ? ELSE index_number END",
        epoch,
        epoch,
        indexNumber,
        indexNumber);
  }

  private static Optional<Stage> stage(Handle handle, CollectionRef ref) {
    return handle
        .createQuery("SELECT stage FROM collection" + NAMED)
        .bind(0, ref.tenant())
        .bind(1, ref.name())
        .mapTo(String.class)
        .findFirst()
        .map(Stage::of);
  }

  /**
   * Locks the row of an existing collection until the end of the transaction.
   *
   * @return its id in the database
   * @throws ThrongException UNKNOWN_COLLECTION
   */
  static long lock(Handle transaction, CollectionRef ref, String forUpdate) {
    return transaction
        .createQuery(
            "SELECT id FROM collection" + NAMED + " AND stage IN ('new', 'live')" + forUpdate)
        .bind(0, ref.tenant())
        .bind(1, ref.name())
        .mapTo(long.class)
        .findFirst()
        .orElseThrow(() -> unknown(ref));
  }

  /** Returns every collection of every tenant that is not deleted. */
  static List<CollectionRef> existing(Handle handle) {
    return handle
        .createQuery(
            "SELECT tenant, name FROM collection WHERE stage IN ('new', 'live') ORDER BY id")
        .map((row, context) -> new CollectionRef(row.getString("tenant"), row.getString("name")))
        .list();
  }

  static ThrongException unknown(CollectionRef ref) {
    return new ThrongException(
        ErrorCode.UNKNOWN_COLLECTION,
        "collection: \"%s\" (expected: an existing collection)".formatted(ref.name()));
  }
}

package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Applies an invalidation to a collection, in memory and in the database. */
final class InvalidationWriter {
  private InvalidationWriter() {}

  /**
   * Returns the state after an invalidation: the same documents at a new epoch, so that every
   * answer is checked again.
   */
  static CollectionState apply(CollectionState state, String target, Instant now) {
    long epoch = Epochs.next(state.epoch(), now);
    return new CollectionState(
        state.ref(),
        state.spec(),
        epoch,
        state.indexNumber(),
        state.byVersion(),
        state.byUri(),
        state.dead(),
        state.invalidations().with(target, epoch),
        state.stage());
  }

  /** Writes an invalidation, in a transaction that has locked the collection's row. */
  static void write(Handle handle, CollectionState before, CollectionState next) {
    CollectionRef ref = next.ref();
    if (next.invalidations().isWholeBefore(next.epoch())) {
      handle.execute(
          "DELETE FROM invalidation WHERE target <> '"
              + Invalidations.PURGED
              + "' AND collection_id ="
              + " (SELECT id FROM collection WHERE tenant = ? AND name = ?)",
          ref.tenant(),
          ref.name());
    }
    Map<String, Long> fresh = new HashMap<>(next.invalidations().epochs());
    fresh.values().removeIf(epoch -> epoch < next.epoch());
    keep(handle, ref, fresh);
    PublicationWriter.moveEpoch(handle, before, next);
  }

  /** Restores entries that a database has lost. Newer entries in the database stay. */
  static void keep(Handle handle, CollectionRef ref, Map<String, Long> epochs) {
    if (epochs.isEmpty()) {
      return;
    }
    var keep =
        handle.prepareBatch(
            "INSERT INTO invalidation (collection_id, target, epoch)"
                + " SELECT id, ?, ? FROM collection WHERE tenant = ? AND name = ?"
                + " ON CONFLICT (collection_id, target) DO UPDATE SET epoch = excluded.epoch"
                + " WHERE invalidation.epoch < excluded.epoch");
    epochs.forEach((target, epoch) ->
        keep.bind(0, target).bind(1, epoch).bind(2, ref.tenant()).bind(3, ref.name()).add());
    keep.execute();
  }

  /** Replaces the rows of a collection by those of its state. */
  static void replace(Handle handle, CollectionState state) {
    handle.execute(
        "DELETE FROM invalidation WHERE collection_id ="
            + " (SELECT id FROM collection WHERE tenant = ? AND name = ?)",
        state.ref().tenant(),
        state.ref().name());
    keep(handle, state.ref(), state.invalidations().epochs());
  }

  /** Returns every collection of every tenant in the database. */
  static List<CollectionRef> collections(Handle handle) {
    return handle
        .createQuery(
            "SELECT tenant, name FROM collection WHERE stage IN ('new', 'live') ORDER BY id")
        .map((row, context) -> new CollectionRef(row.getString("tenant"), row.getString("name")))
        .list();
  }
}

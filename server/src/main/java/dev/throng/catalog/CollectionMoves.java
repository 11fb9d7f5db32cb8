package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Changes that move the epochs of collections, each in a transaction that has locked its row. */
final class CollectionMoves {
  /** One change. */
  interface Move {
    CollectionState apply(Handle transaction, CollectionState before, Instant now);
  }

  private final Database database;
  private final KnownStates states;
  private final InstantSource clock;
  private final Runnable awaitOthers;

  /**
   * @param awaitOthers returns when no replica takes an earlier state for current any more
   */
  CollectionMoves(
      Database database, KnownStates states, InstantSource clock, Runnable awaitOthers) {
    this.database = database;
    this.states = states;
    this.clock = clock;
    this.awaitOthers = awaitOthers;
  }

  /**
   * Moves epochs; returns when no replica takes those before for current any more.
   *
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  List<CollectionState> of(List<CollectionRef> refs, Move change) {
    List<CollectionState> moved = new ArrayList<>();
    for (CollectionRef ref : refs) {
      Instant now = clock.instant();
      moved.add(
          states.keep(
              database.call(handle ->
                  handle.inTransaction(
                      transaction -> change.apply(transaction, locked(transaction, ref), now)))));
    }
    awaitOthers.run();
    return moved;
  }

  /** Locks the row of a collection until the transaction ends, and returns its state. */
  CollectionState locked(Handle transaction, CollectionRef ref) {
    CollectionState state =
        StateReader.locked(transaction, ref, database.forUpdate(), states.newest(ref));
    if (state == null || !state.exists()) {
      throw CollectionRows.unknown(ref);
    }
    return state;
  }
}

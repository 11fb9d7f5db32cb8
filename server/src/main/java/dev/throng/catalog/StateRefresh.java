package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.sql.Timestamp;
import java.util.Map;

/** Takes over the states of collections that are newer in the database than in memory. */
final class StateRefresh {
  private final Database database;
  private final KnownStates states;

  StateRefresh(Database database, KnownStates states) {
    this.database = database;
    this.states = states;
  }

  /** Reads all collections of a catalogue that no other process changes. */
  void loadAll() {
    database
        .snapshot(handle -> StateReader.changes(handle, Map.of()))
        .changed()
        .forEach(states::keep);
  }

  /** Reads what has changed in a catalogue that replicas share. */
  ReplicaLease.Refreshed refresh() {
    Map<CollectionRef, CollectionState> known = states.all();
    record Read(Timestamp at, StateReader.Changes changes) {}
    Read read =
        database.snapshot(
            handle -> new Read(ReplicaLease.now(handle), StateReader.changes(handle, known)));
    read.changes().gone().forEach(states::forget);
    for (CollectionState state : read.changes().changed()) {
      CollectionState before = known.get(state.ref());
      states.keep(
          before != null && before.epoch() > state.epoch()
              ? LostPublishes.movedOn(database, before)
              : state);
    }
    return new ReplicaLease.Refreshed(read.at(), !read.changes().isEmpty());
  }
}

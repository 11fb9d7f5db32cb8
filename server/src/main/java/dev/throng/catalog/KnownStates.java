package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Listeners;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The newest state of each collection that this process knows. Safe for concurrent use. */
final class KnownStates {
  private final Map<CollectionRef, CollectionState> states = new ConcurrentHashMap<>();
  private final Listeners<Consumer<CollectionState>> purges = new Listeners<>();

  /**
   * Adds a listener for purges.
   *
   * @param purged receives the state of a purged collection before the state is known here
   */
  void onPurge(Consumer<CollectionState> purged) {
    purges.add(purged);
  }

  /** Returns the state of a collection that exists. */
  Optional<CollectionState> existing(CollectionRef ref) {
    return Optional.ofNullable(states.get(ref)).filter(CollectionState::exists);
  }

  /** Returns the states of all collections that exist. */
  Collection<CollectionState> existing() {
    return states.values().stream().filter(CollectionState::exists).toList();
  }

  /** Returns the newest state, also of a deleted collection. */
  @Nullable CollectionState newest(CollectionRef ref) {
    return states.get(ref);
  }

  Map<CollectionRef, CollectionState> all() {
    return Map.copyOf(states);
  }

  /** Takes over a state, unless a newer one is already known. */
  CollectionState keep(CollectionState state) {
    CollectionState known = states.get(state.ref());
    if (known != null && known.invalidations().purgedAt() < state.invalidations().purgedAt()) {
      purges.tell(listener -> listener.accept(state)); // harmless if two threads do it
    }
    states.merge(state.ref(), state, (old, fresh) -> fresh.epoch() >= old.epoch() ? fresh : old);
    return state;
  }

  /** Removes a collection whose row is gone because it was deleted long before. */
  void forget(CollectionState known) {
    if (known.exists()) { // it missed the deletion, so clear its answers
      CollectionState deleted = known.deleted(known.epoch() + 1, known.indexNumber());
      purges.tell(listener -> listener.accept(deleted));
    }
    states.remove(known.ref(), known);
  }

  /** Like {@link #forget}, for a collection whose row this process has removed. */
  void forgetDeleted(CollectionRef ref) {
    states.computeIfPresent(ref, (key, known) -> known.exists() ? known : null);
  }
}

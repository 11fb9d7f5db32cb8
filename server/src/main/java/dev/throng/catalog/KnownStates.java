package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The newest state of each collection that this process knows. Safe for many threads. */
final class KnownStates {
  private final Map<CollectionRef, CollectionState> states = new ConcurrentHashMap<>();
  private volatile Consumer<CollectionState> onPurge = state -> {};

  /**
   * @param purged takes the state of a collection that was purged, before it is known
   */
  void onPurge(Consumer<CollectionState> purged) {
    onPurge = purged;
  }

  /** The state of a collection that exists. */
  Optional<CollectionState> existing(CollectionRef ref) {
    return Optional.ofNullable(states.get(ref)).filter(CollectionState::exists);
  }

  /** The states of all collections that exist. */
  Collection<CollectionState> existing() {
    return states.values().stream().filter(CollectionState::exists).toList();
  }

  /** Also of a collection that is deleted. */
  @Nullable CollectionState newest(CollectionRef ref) {
    return states.get(ref);
  }

  Map<CollectionRef, CollectionState> all() {
    return Map.copyOf(states);
  }

  /** Takes a state over, unless a newer one came meanwhile. */
  CollectionState keep(CollectionState state) {
    CollectionState known = states.get(state.ref());
    if (known != null && known.invalidations().purgedAt() < state.invalidations().purgedAt()) {
      onPurge.accept(state); // once more where two threads learn of it does no harm
    }
    states.merge(state.ref(), state, (old, fresh) -> fresh.epoch() >= old.epoch() ? fresh : old);
    return state;
  }

  /** Forgets a collection whose row is gone; it was deleted long before. */
  void forget(CollectionState known) {
    if (known.exists()) { // this process was away for as long: its memory still has answers
      onPurge.accept(known.deleted(known.epoch() + 1, known.generation()));
    }
    states.remove(known.ref(), known);
  }

  /** As {@link #forget}, for one whose row this process has removed. */
  void forgetDeleted(CollectionRef ref) {
    states.computeIfPresent(ref, (key, known) -> known.exists() ? known : null);
  }
}

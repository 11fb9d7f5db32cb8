package dev.throng.retrieval;

import dev.throng.catalog.CollectionSpec;
import dev.throng.catalog.CollectionState;
import dev.throng.core.Deadline;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.LiveVersions;

/** Opens views that contain everything that is live in a collection. */
final class LiveViews {
  private final ChunkStore store;

  LiveViews(ChunkStore store) {
    this.store = store;
  }

  /** Returns what a view of a state must contain. */
  static LiveVersions live(CollectionState state) {
    return new LiveVersions(state.epoch(), state.byVersion().keySet(), state::chunkCountOf);
  }

  /**
   * Returns a view with every chunk that is live in the state. The caller must close it.
   *
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE, STORE_FAILED
   */
  ChunkView open(CollectionState state, Deadline deadline) {
    CollectionSpec spec = state.spec();
    ChunkIndex index =
        store.open(
            state.ref(),
            state.indexNumber(),
            new IndexSpec(spec.language(), spec.embedderId(), spec.dimension()));
    return index.view(live(state), deadline);
  }
}

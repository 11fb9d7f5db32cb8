package dev.throng.ingest;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.Generation;
import dev.throng.core.CollectionRef;
import dev.throng.store.ChunkIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The indexes that a collection keeps beside its live one, when it is purged. */
final class OtherIndexes {
  private final Catalog catalog;
  private final Ingester ingester;

  OtherIndexes(Catalog catalog, Ingester ingester) {
    this.catalog = catalog;
    this.ingester = ingester;
  }

  /**
   * Removes for good what is not live.
   *
   * @return what could not be done now
   */
  List<String> expunge(CollectionRef ref) {
    List<String> undone = new ArrayList<>();
    for (Generation generation : catalog.generations().of(ref)) {
      switch (generation.state()) {
        case FORMER -> expunge(ref, generation);
        case BUILDING ->
            undone.add(
                "%s: index %d is being built; purge again when it is done"
                    .formatted(ref, generation.number()));
        case DROPPED -> {} // it goes as a whole
      }
    }
    return undone;
  }

  private void expunge(CollectionRef ref, Generation former) {
    ChunkIndex index = ingester.index(ref, former.number(), former.spec());
    // In this order: the catalogue knows a version before it has a chunk.
    Set<Long> gone = index.versions();
    CollectionState state = catalog.state(ref);
    Set<Long> known = catalog.versions(ref);
    known.removeAll(state.deadVersions());
    gone.removeAll(known);
    index.deleteVersions(gone);
    index.commit();
    catalog.generations().forget(ref, former.number(), gone);
    var _ = index.expunge();
  }

  /** All that can be looked into. */
  List<ChunkIndex> all(CollectionRef ref) {
    return catalog.generations().of(ref).stream()
        .filter(generation -> generation.state() != Generation.State.DROPPED)
        .map(generation -> ingester.index(ref, generation.number(), generation.spec()))
        .toList();
  }
}

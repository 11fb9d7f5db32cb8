package dev.throng.reindex;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionIndex;
import dev.throng.catalog.CollectionState;
import dev.throng.core.CollectionRef;
import dev.throng.index.Indexer;
import dev.throng.store.ChunkIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The indexes of a collection other than the live one, for purges. */
public final class OtherIndexes {
  private final Catalog catalog;
  private final Indexer indexer;

  public OtherIndexes(Catalog catalog, Indexer indexer) {
    this.catalog = catalog;
    this.indexer = indexer;
  }

  /**
   * Purges what is not live.
   *
   * @return what could not be done now
   */
  public List<String> expunge(CollectionRef ref) {
    List<String> undone = new ArrayList<>();
    boolean isBuilding = ReindexQueue.open(catalog, ref).isPresent();
    for (CollectionIndex index : catalog.indexes().of(ref)) {
      if (index.state() == CollectionIndex.State.DROPPED) {
        continue; // it will be deleted as a whole
      }
      if (isBuilding) { // an index has one writer
        undone.add(
            "%s: index %d is being built (purge again when it is done)"
                .formatted(ref, index.number()));
      } else {
        expunge(ref, index);
      }
    }
    return undone;
  }

  private void expunge(CollectionRef ref, CollectionIndex other) {
    ChunkIndex index = indexer.index(ref, other.number(), other.spec());
    // The order matters: the catalogue lists a version before it has a chunk.
    Set<Long> gone = index.versions();
    CollectionState state = catalog.state(ref);
    Set<Long> known = catalog.versions(ref);
    known.removeAll(state.deadVersions());
    gone.removeAll(known);
    index.deleteVersions(gone);
    index.commit();
    catalog.indexes().forget(ref, other.number(), gone);
    var _ = index.expunge();
  }

  /** Returns all indexes that can be read. */
  public List<ChunkIndex> all(CollectionRef ref) {
    return catalog.indexes().of(ref).stream()
        .filter(index -> index.state() != CollectionIndex.State.DROPPED)
        .map(index -> indexer.index(ref, index.number(), index.spec()))
        .toList();
  }
}

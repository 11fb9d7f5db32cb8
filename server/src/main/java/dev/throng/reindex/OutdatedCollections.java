package dev.throng.reindex;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionIndex;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Origin;
import dev.throng.catalog.Original;
import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import dev.throng.index.Indexer;
import dev.throng.index.Pipeline;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds collections whose documents were parsed or cut by an earlier release or with other
 * settings, and queues a reindex of each, which reads the originals again beside serving.
 */
public final class OutdatedCollections {
  private static final Logger log = LoggerFactory.getLogger(OutdatedCollections.class);

  /** One replica looks for all. */
  private static final String LEASE = "outdated-collections";

  /** Documents of one collection to look at. Each takes a query, and the start waits for it. */
  private static final int MAX_EXAMINED = 10;

  private final Catalog catalog;
  private final Indexer indexer;
  private final ReindexQueue queue;

  public OutdatedCollections(Catalog catalog, Indexer indexer, ReindexQueue queue) {
    this.catalog = catalog;
    this.indexer = indexer;
    this.queue = queue;
  }

  /**
   * Queues the jobs. A failure is logged, because answers from the old chunks are still possible.
   */
  public void reindex() {
    try {
      if (catalog.leases().hold(LEASE)) {
        catalog.states().forEach(this::reindexIfOutdated);
      }
    } catch (ThrongException e) {
      log.warn("cannot look for collections to be reindexed: {}", e.getMessage());
    }
  }

  private void reindexIfOutdated(CollectionState state) {
    CollectionRef ref = state.ref();
    Pipeline pipeline = indexer.pipeline(state.spec());
    if (queue.open(ref).isPresent() || wasRolledBack(state)) {
      return;
    }
    if (isOutdated(state, pipeline)) {
      String job = queue.begin(ref, state.spec().embedderId()).id();
      log.info(
          "{} is reindexed by job {}, because its documents were read by an earlier release or with"
              + " other settings",
          ref,
          job);
    }
  }

  /** Returns whether an operator preferred the index that is live now to a later one. */
  private boolean wasRolledBack(CollectionState state) {
    return catalog.indexes().of(state.ref()).stream()
        .filter(index -> index.state() == CollectionIndex.State.FORMER)
        .anyMatch(index -> index.number() > state.indexNumber());
  }

  /**
   * Returns whether most of the oldest documents were read otherwise. Single ones may remain after
   * a reindex: those whose originals cannot be read any more keep their chunks.
   */
  private boolean isOutdated(CollectionState state, Pipeline pipeline) {
    List<Read> oldest =
        state.byVersion().values().stream()
            .filter(document -> document.origin() == Origin.SENT) // others have no original
            .sorted(Comparator.comparingLong(LiveDocument::version))
            .limit(MAX_EXAMINED)
            .map(document -> new Read(document, catalog.originalOf(document)))
            .filter(read -> read.original().blob().isKept())
            .toList();
    long otherwise =
        oldest.stream()
            .filter(read -> !read.document().contentHash().equals(read.hashWith(pipeline)))
            .count();
    return 2 * otherwise > oldest.size();
  }

  /** A document and what it was read from. */
  private record Read(LiveDocument document, Original original) {
    Hash hashWith(Pipeline pipeline) {
      String name = original.name().isEmpty() ? document.uri() : original.name();
      return pipeline.contentHash(original.blob().content(), name);
    }
  }
}

package dev.throng.reindex;

import dev.throng.backend.Embedder;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionIndex;
import dev.throng.catalog.CollectionIndex.State;
import dev.throng.catalog.CollectionSpec;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobQuery;
import dev.throng.catalog.JobSpec;
import dev.throng.catalog.JobState;
import dev.throng.catalog.NewJob;
import dev.throng.catalog.Quota;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.ThrongException;
import dev.throng.index.Indexer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operations of operators on the indexes of a collection: building another one, and rolling
 * back.
 */
public final class ReindexQueue {
  private final Catalog catalog;
  private final Indexer indexer;
  private final Ids ids;

  public ReindexQueue(Catalog catalog, Indexer indexer, Ids ids) {
    this.catalog = catalog;
    this.indexer = indexer;
    this.ids = ids;
  }

  /**
   * Queues the building of another index with the current settings, or continues one that was
   * started with them.
   *
   * @param embedderId the embedder of the index, or null for the configured one
   * @return the job, which any replica may run
   * @throws ThrongException UNKNOWN_COLLECTION; INVALID_FIELD when the embedder is not available on
   *     this server; REINDEX_UNDER_WAY; CATALOG_UNAVAILABLE
   */
  public Job begin(CollectionRef ref, @Nullable String embedderId) {
    CollectionState state = catalog.state(ref);
    checkNoneIsOpen(ref);
    Embedder embedder = embedder(embedderId);
    CollectionSpec spec =
        new CollectionSpec(state.spec().language(), embedder.id(), embedder.dimension());
    CollectionIndex index = catalog.indexes().begin(ref, spec, indexer.pipeline(spec).id());
    return enqueue(ref, index);
  }

  private Embedder embedder(@Nullable String id) {
    if (id == null) {
      return indexer.embedders().configured();
    }
    try {
      return indexer.embedders().of(id);
    } catch (ThrongException e) {
      throw e.code() == ErrorCode.INDEX_MISMATCH
          ? new ThrongException(ErrorCode.INVALID_FIELD, String.valueOf(e.getMessage()), e)
          : e;
    }
  }

  /**
   * Queues making the former index the live one again, with all changes since then.
   *
   * @throws ThrongException UNKNOWN_COLLECTION, NO_SUCH_INDEX, REINDEX_UNDER_WAY,
   *     CATALOG_UNAVAILABLE
   */
  public Job rollBack(CollectionRef ref) {
    catalog.state(ref);
    checkNoneIsOpen(ref);
    CollectionIndex former =
        catalog
            .indexes()
            .in(ref, State.FORMER)
            .orElseThrow(() ->
                new ThrongException(
                    ErrorCode.NO_SUCH_INDEX, "%s has no former index".formatted(ref)));
    return enqueue(ref, former);
  }

  /**
   * Drops the indexes other than the live one: an unfinished one and the former one. They are
   * deleted soon afterwards.
   *
   * @throws ThrongException UNKNOWN_COLLECTION, REINDEX_UNDER_WAY, CATALOG_UNAVAILABLE
   */
  public void discard(CollectionRef ref) {
    catalog.state(ref);
    checkNoneIsOpen(ref);
    catalog.indexes().drop(ref, State.BUILDING);
    catalog.indexes().drop(ref, State.FORMER);
  }

  /** Returns the indexes other than the live one. */
  public List<CollectionIndex> indexes(CollectionRef ref) {
    return catalog.indexes().of(ref);
  }

  /** Returns the job that is building an index of the collection. */
  public Optional<Job> open(CollectionRef ref) {
    return open(catalog, ref);
  }

  static Optional<Job> open(Catalog catalog, CollectionRef ref) {
    JobQuery query =
        new JobQuery(
            ref.name(),
            JobState.OPEN,
            JobSpec.Reindex.subjectOf(ref),
            Long.MAX_VALUE,
            Integer.MAX_VALUE);
    return catalog.jobs().list(ref.tenant(), query).stream().findFirst();
  }

  private void checkNoneIsOpen(CollectionRef ref) {
    open(ref)
        .ifPresent(job -> {
          throw new ThrongException(
              ErrorCode.REINDEX_UNDER_WAY, "%s: by job %s".formatted(ref, job.id()));
        });
  }

  private Job enqueue(CollectionRef ref, CollectionIndex index) {
    NewJob job = new NewJob(ids.next(), new JobSpec.Reindex(index.number()));
    return catalog
        .jobs()
        .enqueue(ref, List.of(job), null, Quota.NONE, Integer.MAX_VALUE)
        .getFirst();
  }
}

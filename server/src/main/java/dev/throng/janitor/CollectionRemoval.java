package dev.throng.janitor;

import dev.throng.answer.AnswerPurge;
import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.Deletions;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.Set;

/**
 * Removes for good what belonged to a collection that is deleted. The rows go last, because they
 * say what else there is: a removal that is cut off is done again from the beginning.
 */
final class CollectionRemoval {
  /**
   * What one removal removed.
   *
   * @param keys of Redis
   */
  record Removed(int versions, int jobs, int originals, long keys) {}

  private final Deletions deletions;
  private final BlobStore originals;
  private final IngestSweep sweep;
  private final AnswerPurge answers;

  CollectionRemoval(Catalog catalog, BlobStore originals, IngestSweep sweep, AnswerPurge answers) {
    this.deletions = catalog.deletions();
    this.originals = originals;
    this.sweep = sweep;
    this.answers = answers;
  }

  /** Deleted collections of which something may be left. */
  List<CollectionState> unfinished() {
    return deletions.unfinished();
  }

  /**
   * Removes everything. Replicas cleared their memory when they learnt of the deletion.
   *
   * @throws ThrongException when something cannot be removed now; the rest is tried again with it
   */
  Removed remove(CollectionState deleted) {
    sweep.deleteIndexesOf(deleted.ref());
    Set<String> spent = deletions.originalsOf(deleted.ref());
    originals.delete(spent);
    long keys =
        answers
            .clearShared(List.of(deleted))
            .orElseThrow(() ->
                new ThrongException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "redis: it does not answer, so answers of %s are left there"
                        .formatted(deleted.ref())));
    Deletions.Removed rows = deletions.finish(deleted.ref());
    return new Removed(rows.versions(), rows.jobs(), spent.size(), keys);
  }
}

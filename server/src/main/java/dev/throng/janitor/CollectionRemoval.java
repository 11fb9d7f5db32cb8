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
 * Purges what belonged to a deleted collection. The rows are removed last, because they refer to
 * the rest: an interrupted removal starts again from the beginning.
 */
final class CollectionRemoval {
  /**
   * The result of one removal.
   *
   * @param keys number of keys in Redis
   */
  record Removed(int versions, int jobs, int originals, long keys) {}

  private final Deletions deletions;
  private final BlobStore originals;
  private final Leftovers leftovers;
  private final AnswerPurge answers;

  CollectionRemoval(
      Catalog catalog, BlobStore originals, Leftovers leftovers, AnswerPurge answers) {
    this.deletions = catalog.deletions();
    this.originals = originals;
    this.leftovers = leftovers;
    this.answers = answers;
  }

  /** Returns deleted collections whose data may not be completely removed. */
  List<CollectionState> unfinished() {
    return deletions.unfinished();
  }

  /**
   * Removes everything. Replicas have cleared their memory when they learned of the deletion.
   *
   * @throws ThrongException when something cannot be removed now; everything that is left is
   *     retried later
   */
  Removed remove(CollectionState deleted) {
    leftovers.deleteIndexesOf(deleted.ref());
    Set<String> spent = deletions.originalsOf(deleted.ref());
    originals.delete(spent);
    long keys =
        answers
            .clearShared(List.of(deleted))
            .orElseThrow(() ->
                new ThrongException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "redis: does not answer, so answers of %s remain there"
                        .formatted(deleted.ref())));
    Deletions.Removed rows = deletions.finish(deleted.ref());
    return new Removed(rows.versions(), rows.jobs(), spent.size(), keys);
  }
}

package dev.throng.janitor;

import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Jobs;
import dev.throng.core.CollectionRef;
import dev.throng.reindex.Reindexer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** Originals and indexes that nothing needs any more. */
public final class Leftovers {
  /**
   * Minimum age of unreferenced originals. An original is stored before its job, and a request may
   * contain many of them.
   */
  private static final Duration MIN_STRAY_AGE = Duration.ofHours(6);

  private final Jobs jobs;
  private final BlobStore originals;
  private final Reindexer reindexer;
  private final InstantSource clock;

  public Leftovers(Jobs jobs, BlobStore originals, Reindexer reindexer, InstantSource clock) {
    this.jobs = jobs;
    this.originals = originals;
    this.reindexer = reindexer;
    this.clock = clock;
  }

  /** Deletes the indexes of a collection that is being deleted, immediately. */
  void deleteIndexesOf(CollectionRef ref) {
    reindexer.deleteDroppedOf(ref);
  }

  /** Deletes indexes that were dropped at least {@code grace} ago. */
  void deleteDroppedIndexes(Duration grace) {
    reindexer.deleteDropped(grace);
  }

  /**
   * Deletes all unneeded originals, except recent ones whose job may not exist yet.
   *
   * @return the number of deleted originals
   */
  int deleteOriginals() {
    return deleteSpent() + deleteStrays();
  }

  /** Deletes originals whose jobs have ended. */
  int deleteSpent() {
    Set<String> spent = jobs.originals().spent();
    originals.delete(spent);
    jobs.originals().forget(spent);
    return spent.size();
  }

  /** Deletes originals that no job refers to, which lists every original. */
  int deleteStrays() {
    Set<String> strays =
        jobs.originals().unneeded(originals.keysBefore(clock.instant().minus(MIN_STRAY_AGE)));
    originals.delete(strays);
    return strays.size();
  }
}

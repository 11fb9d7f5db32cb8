package dev.throng.janitor;

import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.Deletions;
import dev.throng.catalog.Jobs;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.reindex.Reindexer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes, now and then, originals and indexes that nothing needs any more and jobs that ended long
 * ago.
 */
public final class IngestSweep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IngestSweep.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  /** Looks at every original there is. */
  private static final Duration STRAYS_EVERY = Duration.ofHours(1);

  /** An original is kept before its job is, and a request may bring many of them. */
  private static final Duration JOB_MAY_COME = Duration.ofHours(6);

  /** A collection in which nothing was published goes so long after its last job. */
  private static final Duration UNUSED_FOR = Duration.ofHours(1);

  /** So long a replica may be away and still learn from a row that a collection was deleted. */
  private static final Duration DELETED_FOR = Duration.ofHours(1);

  private final Jobs jobs;
  private final Deletions deletions;
  private final Reindexer reindexer;
  private final BlobStore blobs;
  private final IngestConfig config;
  private final InstantSource clock;
  private final Thread thread;
  private Instant strayed;
  private volatile Runnable finishDeletions = () -> {};

  public IngestSweep(
      Catalog catalog,
      BlobStore blobs,
      Reindexer reindexer,
      IngestConfig config,
      InstantSource clock) {
    this.jobs = catalog.jobs();
    this.deletions = catalog.deletions();
    this.blobs = blobs;
    this.reindexer = reindexer;
    this.config = config;
    this.clock = clock;
    this.strayed = clock.instant();
    this.thread = Thread.ofVirtual().name("ingest-sweep").unstarted(this::sweepUntilClosed);
  }

  /** Begins to sweep. */
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void sweepUntilClosed() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        try {
          sweep();
        } catch (RuntimeException e) {
          log.warn("what is not needed stays until the next sweep: {}", e.toString());
        }
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private void sweep() {
    reindexer.deleteDropped(config.deletionGrace());
    jobs.forgetBefore(clock.instant().minus(config.jobRetention()));
    deleteSpent();
    deletions.beginUnused(clock.instant().minus(UNUSED_FOR));
    finishDeletions.run();
    deletions.forgetBefore(clock.instant().minus(DELETED_FOR));
    if (!strayed.plus(STRAYS_EVERY).isAfter(clock.instant())) {
      deleteStrays();
      strayed = clock.instant();
    }
  }

  /**
   * @param step finishes deletions of collections that were cut off; called with each sweep
   */
  public void onSweep(Runnable step) {
    finishDeletions = step;
  }

  /** Deletes now the indexes of a collection that is being deleted. */
  public void deleteIndexesOf(CollectionRef ref) {
    reindexer.deleteDroppedOf(ref);
  }

  /** Deletes now the indexes that were given up. */
  public void deleteDroppedIndexes() {
    reindexer.deleteDropped(Duration.ZERO);
  }

  /**
   * Deletes now all originals that nothing needs, but those that may be on their way to a job.
   *
   * @return how many
   */
  public int sweepOriginals() {
    return deleteSpent() + deleteStrays();
  }

  private int deleteSpent() {
    Set<String> spent = jobs.originals().spent();
    blobs.delete(spent);
    jobs.originals().forget(spent);
    return spent.size();
  }

  private int deleteStrays() {
    Set<String> strays =
        jobs.originals().unneeded(blobs.keysBefore(clock.instant().minus(JOB_MAY_COME)));
    blobs.delete(strays);
    return strays.size();
  }
}

package dev.throng.janitor;

import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.Deletions;
import dev.throng.catalog.Jobs;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Periodic;
import dev.throng.reindex.Reindexer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Periodically deletes unneeded originals, unneeded indexes, and jobs that ended long ago. */
public final class IngestSweep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IngestSweep.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /** How often unreferenced originals are searched for, which lists every original. */
  private static final Duration STRAYS_INTERVAL = Duration.ofHours(1);

  /**
   * Minimum age of unreferenced originals. An original is stored before its job, and a request may
   * contain many of them.
   */
  private static final Duration MIN_STRAY_AGE = Duration.ofHours(6);

  /** How long after its last job a collection is deleted in which nothing was published. */
  private static final Duration UNUSED_GRACE = Duration.ofHours(1);

  /**
   * How long a replica may be disconnected and still learn from a row that a collection was
   * deleted.
   */
  private static final Duration DELETED_GRACE = Duration.ofHours(1);

  private final Jobs jobs;
  private final Deletions deletions;
  private final Reindexer reindexer;
  private final BlobStore blobs;
  private final IngestConfig config;
  private final InstantSource clock;
  private @Nullable Periodic sweeps;
  private Instant strayedAt;
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
    this.strayedAt = clock.instant();
  }

  /** Starts to sweep. */
  public void start() {
    sweeps = Periodic.start("ingest-sweep", INTERVAL, this::sweepOrReport);
  }

  @Override
  public void close() {
    Periodic started = sweeps;
    if (started != null) {
      started.close();
    }
  }

  private void sweepOrReport() {
    try {
      sweep();
    } catch (RuntimeException e) {
      log.warn("unneeded data remains until the next sweep: {}", e.toString());
    }
  }

  private void sweep() {
    reindexer.deleteDropped(config.deletionGrace());
    jobs.forgetBefore(clock.instant().minus(config.jobs().retention()));
    deleteSpent();
    deletions.beginUnused(clock.instant().minus(UNUSED_GRACE));
    finishDeletions.run();
    deletions.forgetBefore(clock.instant().minus(DELETED_GRACE));
    if (!strayedAt.plus(STRAYS_INTERVAL).isAfter(clock.instant())) {
      deleteStrays();
      strayedAt = clock.instant();
    }
  }

  /**
   * Adds a step to each sweep.
   *
   * @param step completes interrupted deletions of collections
   */
  public void onSweep(Runnable step) {
    finishDeletions = step;
  }

  /** Deletes the indexes of a collection that is being deleted, immediately. */
  public void deleteIndexesOf(CollectionRef ref) {
    reindexer.deleteDroppedOf(ref);
  }

  /** Deletes dropped indexes, immediately. */
  public void deleteDroppedIndexes() {
    reindexer.deleteDropped(Duration.ZERO);
  }

  /**
   * Deletes all unneeded originals, except recent ones whose job may not exist yet.
   *
   * @return the number of deleted originals
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
        jobs.originals().unneeded(blobs.keysBefore(clock.instant().minus(MIN_STRAY_AGE)));
    blobs.delete(strays);
    return strays.size();
  }
}

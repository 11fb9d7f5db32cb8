package dev.throng.janitor;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.Deletions;
import dev.throng.catalog.Feedback;
import dev.throng.catalog.Jobs;
import dev.throng.config.IngestConfig;
import dev.throng.core.Periodic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Periodically deletes unneeded originals, unneeded indexes, and jobs that ended long ago. */
public final class Sweep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /** How often unreferenced originals are searched for, which lists every original. */
  private static final Duration STRAYS_INTERVAL = Duration.ofHours(1);

  /** How long after its last job a collection is deleted in which nothing was published. */
  private static final Duration UNUSED_GRACE = Duration.ofHours(1);

  /**
   * How long a replica may be disconnected and still learn from a row that a collection was
   * deleted.
   */
  private static final Duration DELETED_GRACE = Duration.ofHours(1);

  private final Jobs jobs;
  private final Deletions deletions;
  private final Leftovers leftovers;
  private final Purge purge;
  private final IngestConfig config;
  private final Feedback feedback;
  private final Duration feedbackRetention;
  private final InstantSource clock;
  private @Nullable Periodic sweeps;
  private Instant strayedAt;

  /**
   * Creates the sweep, which is not started.
   *
   * @param purge completes interrupted deletions of collections
   * @param feedbackRetention time after which feedback is deleted
   */
  public Sweep(
      Catalog catalog,
      Leftovers leftovers,
      Purge purge,
      IngestConfig config,
      Duration feedbackRetention,
      InstantSource clock) {
    this.jobs = catalog.jobs();
    this.deletions = catalog.deletions();
    this.leftovers = leftovers;
    this.purge = purge;
    this.config = config;
    this.feedback = catalog.feedback();
    this.feedbackRetention = feedbackRetention;
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
    leftovers.deleteDroppedIndexes(config.deletionGrace());
    jobs.forgetBefore(clock.instant().minus(config.jobs().retention()));
    feedback.forgetBefore(clock.instant().minus(feedbackRetention));
    leftovers.deleteSpent();
    deletions.beginUnused(clock.instant().minus(UNUSED_GRACE));
    purge.finishAll();
    deletions.forgetBefore(clock.instant().minus(DELETED_GRACE));
    if (!strayedAt.plus(STRAYS_INTERVAL).isAfter(clock.instant())) {
      leftovers.deleteStrays();
      strayedAt = clock.instant();
    }
  }
}

package dev.throng.jobs;

import dev.throng.catalog.ClaimedJob;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobClaim;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobState;
import dev.throng.catalog.Jobs;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;

/** A job that this process works on: how far it is, and whether it shall go on. */
final class RunningJob {
  /** How often progress is noted in the catalogue, for other replicas and for after a crash. */
  private static final Duration NOTE_EVERY = Duration.ofSeconds(1);

  /** Stops work that nobody wants any more; nothing is to be told. */
  static final class ClaimLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClaimLost(Job job) {
      super("job " + job.id() + " was cancelled or taken over", null, false, false);
    }
  }

  private final ClaimedJob claimed;
  private final Jobs jobs;
  private volatile JobProgress progress;
  private volatile boolean isCancelled;
  private long notedNanos = System.nanoTime();

  RunningJob(ClaimedJob claimed, Jobs jobs) {
    this.claimed = claimed;
    this.jobs = jobs;
    this.progress = claimed.job().progress();
  }

  Job job() {
    return claimed.job();
  }

  JobClaim claim() {
    return claimed.claim();
  }

  boolean isSuspect() {
    return claimed.isSuspect();
  }

  JobProgress progress() {
    return progress;
  }

  void cancel() {
    isCancelled = true;
  }

  /**
   * Goes on from one step to the next.
   *
   * @throws ClaimLost when it should not
   */
  void advance(JobProgress next) {
    // Where a suspect was when the process died decides whether that was its own fault.
    boolean isStep = next.state() != progress.state();
    boolean isLast = next.state() == JobState.PUBLISHING; // the publish does not know of pages
    boolean isTold = isStep && (claimed.isSuspect() || (isLast && next.pages() > 0));
    progress = next;
    if (isTold || System.nanoTime() - notedNanos > NOTE_EVERY.toNanos()) {
      notedNanos = System.nanoTime();
      isCancelled |= !isStillOurs(next);
    }
    if (isCancelled) {
      throw new ClaimLost(claimed.job());
    }
  }

  private boolean isStillOurs(JobProgress next) {
    try {
      return jobs.note(claimed.claim(), next);
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.CATALOG_UNAVAILABLE) {
        return true; // the publish will wait for it
      }
      throw e;
    }
  }
}

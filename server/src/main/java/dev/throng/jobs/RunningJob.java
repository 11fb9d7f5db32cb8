package dev.throng.jobs;

import dev.throng.catalog.ClaimedJob;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobClaim;
import dev.throng.catalog.JobClaims;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobState;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;

/** A job that this process is running: its progress, and whether it should continue. */
final class RunningJob {
  /**
   * How often progress is written to the catalogue, for other replicas and for the time after a
   * crash.
   */
  private static final Duration WRITE_INTERVAL = Duration.ofSeconds(1);

  /** Thrown to stop work that is no longer wanted. There is nothing to report. */
  static final class ClaimLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClaimLost(Job job) {
      super("job " + job.id() + " was cancelled or taken over", null, false, false);
    }
  }

  private final ClaimedJob claimed;
  private final JobClaims claims;
  private volatile JobProgress progress;
  private volatile boolean isCancelled;
  private long notedNanos = System.nanoTime();

  RunningJob(ClaimedJob claimed, JobClaims claims) {
    this.claimed = claimed;
    this.claims = claims;
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

  /** Stores a warning about omitted parts of the document. */
  void warn(String words) {
    claims.warn(claimed.claim(), words);
  }

  /**
   * Advances from one step to the next.
   *
   * @throws ClaimLost when the job should not continue
   */
  void advance(JobProgress next) {
    // The step of a suspect job when the process died determines whether the job was at fault.
    boolean isStep = next.state() != progress.state();
    boolean isLast = next.state() == JobState.PUBLISHING; // the publish does not know the pages
    boolean isTold = isStep && (claimed.isSuspect() || (isLast && next.pages() > 0));
    progress = next;
    if (isTold || System.nanoTime() - notedNanos > WRITE_INTERVAL.toNanos()) {
      notedNanos = System.nanoTime();
      isCancelled |= !isStillOurs(next);
    }
    if (isCancelled) {
      throw new ClaimLost(claimed.job());
    }
  }

  private boolean isStillOurs(JobProgress next) {
    try {
      return claims.note(claimed.claim(), next);
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.CATALOG_UNAVAILABLE) {
        return true; // the publish will wait for the catalogue
      }
      throw e;
    }
  }
}

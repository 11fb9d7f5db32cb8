package dev.throng.index;

import dev.throng.catalog.JobClaim;

/** Receives the results of jobs whose versions were complete and waited to be published. */
public interface ClaimListener {
  /**
   * The version was published, or discarded because the claim had been lost. Nothing is left to do.
   */
  void ended(JobClaim claim);

  /** The written chunks are lost, and the job must be done again. */
  void lost(JobClaim claim, RuntimeException failure);
}

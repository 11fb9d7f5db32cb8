package dev.throng.index;

import dev.throng.catalog.JobClaim;

/** Hears what became of jobs whose versions were whole and waited to be published. */
public interface ClaimListener {
  /** It was published, or left out because the claim had been lost: nothing is left to do. */
  void ended(JobClaim claim);

  /** What was written is lost, and must be done again. */
  void lost(JobClaim claim, RuntimeException failure);

  ClaimListener NONE =
      new ClaimListener() {
        @Override
        public void ended(JobClaim claim) {}

        @Override
        public void lost(JobClaim claim, RuntimeException failure) {}
      };
}

package dev.throng.core;

import java.time.Duration;
import java.util.Optional;

/**
 * Buckets of tokens that replicas share, one a name. Asking takes a bounded time and never fails:
 * where nobody answers, each replica has buckets of its own.
 */
public interface SharedBuckets {
  /** For a server that has nobody to share with. */
  SharedBuckets NONE = (name, interval, burst) -> Optional.empty();

  /**
   * What became of a token.
   *
   * @param isTaken whether there was one
   * @param missing how long the bucket would have needed to be full, before it was taken
   */
  record Look(boolean isTaken, Duration missing) {}

  /**
   * Takes a token, if there is one.
   *
   * @param interval in which one flows in
   * @param burst tokens that the bucket holds
   * @return empty when it is not known
   */
  Optional<Look> take(String name, Duration interval, int burst);
}

package dev.throng.core;

import java.time.Duration;
import java.util.Optional;

/**
 * Token buckets that replicas share, each with a name. A call takes a bounded time and never fails:
 * when the shared store does not answer, each replica uses buckets of its own.
 */
public interface SharedBuckets {
  /** For a server without other replicas. */
  SharedBuckets NONE = (name, interval, burst) -> Optional.empty();

  /**
   * The result of an attempt to take a token.
   *
   * @param isTaken whether a token was available
   * @param missing how long the bucket would have needed to become full, before the token was taken
   */
  record TakeResult(boolean isTaken, Duration missing) {}

  /**
   * Takes a token if there is one.
   *
   * @param interval time in which one token flows in
   * @param burst capacity of the bucket in tokens
   * @return empty when the shared store did not answer
   */
  Optional<TakeResult> take(String name, Duration interval, int burst);
}

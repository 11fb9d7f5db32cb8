package dev.throng.store.weaviate;

import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Pauses that give a cluster time to recover before it is called again. */
final class Pause {
  static final Duration SHORT = Duration.ofMillis(20);
  static final Duration LONG = Duration.ofMillis(200);

  private Pause() {}

  /**
   * Waits, but not beyond the deadline.
   *
   * @throws ThrongException SHUTTING_DOWN when interrupted
   */
  static void of(Duration pause, Deadline deadline) {
    try {
      TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), deadline.remainingNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(
          ErrorCode.SHUTTING_DOWN, "interrupted while waiting for weaviate", e);
    }
  }
}

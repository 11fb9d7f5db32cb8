package dev.throng.store.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides whether a store is called at all. It opens after some failures in a row, and then only an
 * answered probe closes it. No clock and no IO; safe for many threads.
 */
final class Breaker {
  private final int limit;
  private final AtomicInteger failuresInRow = new AtomicInteger();

  /**
   * @param limit failures in a row that open it
   */
  Breaker(int limit) {
    this.limit = limit;
  }

  boolean isOpen() {
    return failuresInRow.get() >= limit;
  }

  void succeeded() {
    failuresInRow.updateAndGet(failures -> failures >= limit ? failures : 0);
  }

  /** Whether this failure opened it. */
  boolean failed() {
    return failuresInRow.getAndUpdate(failures -> Math.min(limit, failures + 1)) == limit - 1;
  }

  /** Closes it; but a store that answers probes alone is given up again at its next failure. */
  void probeAnswered() {
    failuresInRow.updateAndGet(failures -> failures >= limit ? limit - 1 : failures);
  }
}

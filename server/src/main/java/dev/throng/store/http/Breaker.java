package dev.throng.store.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides whether a store is called at all. It opens after several consecutive failures, and then
 * only an answered probe closes it. Without a clock or I/O. Safe for concurrent use.
 */
final class Breaker {
  private final int limit;
  private final AtomicInteger failuresInRow = new AtomicInteger();

  /**
   * Creates a closed breaker.
   *
   * @param limit number of consecutive failures that open it
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

  /** Records a failure, and returns whether it opened the breaker. */
  boolean failed() {
    return failuresInRow.getAndUpdate(failures -> Math.min(limit, failures + 1)) == limit - 1;
  }

  /** Closes the breaker. A store that answers only probes opens it again at its next failure. */
  void probeAnswered() {
    failuresInRow.updateAndGet(failures -> failures >= limit ? limit - 1 : failures);
  }
}

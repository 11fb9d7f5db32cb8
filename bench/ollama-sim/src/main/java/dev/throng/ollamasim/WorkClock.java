package dev.throng.ollamasim;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Counts the seconds of work of each running stream: one per second for a single stream, less when
 * several share the machine or it is slow. Due times are calculated on this clock from a stream's
 * start, so late wake-ups never accumulate. A change of pace takes effect at its moment, for all
 * streams alike.
 */
final class WorkClock {
  private static final double NANOS = 1e9;

  private final LongSupplier nanoTime;
  private final double slowdown;
  private final ReentrantLock lock = new ReentrantLock();
  private double workSeconds;
  private long asOfNanos;
  private int running;
  private double slowFactor = 1;

  WorkClock(LongSupplier nanoTime, double slowdown) {
    this.nanoTime = nanoTime;
    this.slowdown = slowdown;
    this.asOfNanos = nanoTime.getAsLong();
  }

  /** Returns the seconds of work up to now. */
  double now() {
    lock.lock();
    try {
      advance();
      return workSeconds;
    } finally {
      lock.unlock();
    }
  }

  void running(int streams) {
    lock.lock();
    try {
      advance();
      running = streams;
    } finally {
      lock.unlock();
    }
  }

  void slow(double factor) {
    lock.lock();
    try {
      advance();
      slowFactor = factor;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the time at the current pace until the clock reaches {@code dueSeconds}; at least 0.
   */
  long nanosUntil(double dueSeconds) {
    lock.lock();
    try {
      advance();
      return (long) Math.max(0, Math.ceil((dueSeconds - workSeconds) / pace() * NANOS));
    } finally {
      lock.unlock();
    }
  }

  private void advance() {
    long now = nanoTime.getAsLong();
    workSeconds += (now - asOfNanos) / NANOS * pace();
    asOfNanos = now;
  }

  private double pace() {
    return 1 / (slowFactor * (1 + slowdown * Math.max(0, running - 1)));
  }
}

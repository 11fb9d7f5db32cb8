package dev.throng.bench.rig;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;

/**
 * Open-loop load: requests are sent when they are due, whether earlier ones are answered or not,
 * each on its own thread. Times count from when a request was due, so a lagging generator makes
 * figures worse, never better.
 */
public final class Arrivals {
  private static final Duration POLL = Duration.ofMillis(20);

  private final AtomicInteger running = new AtomicInteger();
  private final Thread thread;
  private volatile boolean isOver;

  /**
   * Starts the load.
   *
   * @param gapSeconds seconds from one request to the next
   * @param request sends one request; gets the time when it was due
   */
  public Arrivals(String name, DoubleSupplier gapSeconds, LongConsumer request) {
    this.thread = Thread.ofPlatform().name(name).start(() -> run(name, gapSeconds, request));
  }

  /** Lets the load run for this long, and ends it. */
  public void endAfter(Duration length) throws InterruptedException {
    Thread.sleep(length);
    isOver = true;
    LockSupport.unpark(thread);
    thread.join();
  }

  /** Waits until no request is running, at most this long. Call it after {@link #endAfter}. */
  public void awaitAnswers(Duration atMost) throws InterruptedException {
    long untilNanos = System.nanoTime() + atMost.toNanos();
    while (running.get() > 0 && System.nanoTime() - untilNanos < 0) {
      Thread.sleep(POLL);
    }
  }

  private void send(LongConsumer request, long dueNanos) {
    try {
      request.accept(dueNanos);
    } finally {
      running.decrementAndGet();
    }
  }

  private void run(String name, DoubleSupplier gapSeconds, LongConsumer request) {
    long dueNanos = System.nanoTime();
    while (!isOver) {
      dueNanos += (long) (gapSeconds.getAsDouble() * 1e9);
      while (System.nanoTime() - dueNanos < 0) {
        if (isOver) {
          return;
        }
        LockSupport.parkNanos(dueNanos - System.nanoTime());
      }
      long due = dueNanos;
      running.incrementAndGet();
      Thread.ofVirtual().name(name + "-request").start(() -> send(request, due));
    }
  }
}

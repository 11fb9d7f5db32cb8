package dev.throng.ollamasim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The state of an instance between two starts: slots, the queue for them, the clock of their work
 * and the loaded model. A crash discards it, with all generations that stay in it.
 */
final class Machine {
  /** Together with a tick, the longest delay until a sleeping stream notices a change of pace. */
  private static final long LONGEST_SLEEP_NANOS = 100_000_000;

  /**
   * Streams wake up together, at multiples of this, which costs half as much as separate wake-ups.
   * Fast streams write several tokens per wake-up.
   */
  private static final long TICK_NANOS = 4_000_000;

  private static final int NOT_LOADED = 0;

  private final SimSettings settings;
  private final Counters counters;
  private final WorkClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
  private int inFlight;
  private int running;
  private int loadedNumCtx = NOT_LOADED;
  private long loadedAtNanos;

  Machine(SimSettings settings, Counters counters) {
    this.settings = settings;
    this.counters = counters;
    this.clock = new WorkClock(System::nanoTime, settings.rates().slowdown());
  }

  WorkClock clock() {
    return clock;
  }

  int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  int running() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** The context that the model is loaded with; 0 when it is not loaded. */
  int loadedNumCtx() {
    lock.lock();
    try {
      return loadedNumCtx;
    } finally {
      lock.unlock();
    }
  }

  void unload() {
    lock.lock();
    try {
      loadedNumCtx = NOT_LOADED;
    } finally {
      lock.unlock();
    }
  }

  /** Loads the model unless it is loaded with this context, and waits until it is. */
  void awaitLoaded(int numCtx) throws InterruptedException {
    long remaining;
    lock.lock();
    try {
      if (loadedNumCtx != numCtx) {
        loadedNumCtx = numCtx;
        loadedAtNanos = System.nanoTime() + settings.rates().loadMillis() * 1_000_000;
        counters.loads.incrementAndGet();
      }
      remaining = loadedAtNanos - System.nanoTime();
    } finally {
      lock.unlock();
    }
    if (remaining > 0) {
      Thread.sleep(Duration.ofNanos(remaining));
    }
  }

  /** Sleeps until the clock reaches {@code dueSeconds}, or for a bounded time. */
  void sleepTowards(double dueSeconds) throws InterruptedException {
    long nanos = Math.min(clock.nanosUntil(dueSeconds), LONGEST_SLEEP_NANOS);
    if (nanos > 0) {
      long now = System.nanoTime();
      long wake = Math.ceilDiv(now + nanos, TICK_NANOS) * TICK_NANOS;
      Thread.sleep(Duration.ofNanos(wake - now));
    }
  }

  ActiveRequest admit() {
    lock.lock();
    try {
      inFlight++;
      counters.recordInFlight(inFlight);
    } finally {
      lock.unlock();
    }
    return new ActiveRequest();
  }

  /** One generation from its receipt to its end. Closing it again has no effect. */
  final class ActiveRequest implements AutoCloseable {
    private boolean isRunning;
    private boolean hasEnded;

    private ActiveRequest() {}

    /**
     * Waits for a slot, first come, first served, in an unbounded queue, as in Ollama.
     *
     * @param gone completes when the client hangs up, which ends the wait
     * @return false if the client hung up
     */
    boolean takeSlot(CompletableFuture<Boolean> gone) throws InterruptedException {
      CompletableFuture<Boolean> turn = new CompletableFuture<>();
      lock.lock();
      try {
        if (running < settings.slots()) {
          setRunning(running + 1);
          turn.complete(true);
        } else {
          waiting.add(turn);
        }
      } finally {
        lock.unlock();
      }
      var _ = gone.thenRun(() -> turn.complete(false));
      try {
        isRunning = turn.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } finally {
        // Interrupted: the slot may have been assigned at the same moment.
        if (!isRunning && !turn.complete(false) && turn.getNow(false)) {
          isRunning = true;
        }
      }
      return isRunning;
    }

    @Override
    public void close() {
      end();
    }

    /** Releases the slot, if there is one. */
    void end() {
      if (hasEnded) {
        return;
      }
      hasEnded = true;
      lock.lock();
      try {
        inFlight--;
        if (isRunning) {
          handOver();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** The slot goes to the first generation that still waits. */
  private void handOver() {
    while (true) {
      CompletableFuture<Boolean> next = waiting.poll();
      if (next == null) {
        setRunning(running - 1);
        return;
      }
      if (next.complete(true)) {
        return;
      }
    }
  }

  private void setRunning(int streams) {
    running = streams;
    clock.running(streams);
    counters.recordRunning(streams);
  }
}

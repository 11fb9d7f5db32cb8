package dev.throng.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of platform threads that serve a bounded queue, for calls that leave Java (ONNX,
 * tokenizer, SQLite). Such a call pins the carrier of a virtual thread, and a small machine has
 * only two carriers: in a measurement, 32 pinned calls delayed an unrelated 5 ms sleep by 4 s, and
 * by at most 45 ms when they ran on two platform threads.
 *
 * <p>Interactive work runs before batch work, and each class is served in order of arrival. Each
 * class has its own bound: interactive work beyond it is refused, while batch work blocks until
 * there is room, which is its back-pressure.
 *
 * <p>A running call is not interrupted, and a batch call may take many times as long as an
 * interactive one. While interactive calls arrive, batch work therefore leaves one thread free if
 * there are at least two. Otherwise an interactive call would wait for the rest of a whole
 * document, whatever the order of the queue.
 */
public final class PlatformPool implements AutoCloseable {
  /** How long after interactive work batch work leaves a thread free for the next call. */
  static final Duration KEPT_FREE = Duration.ofSeconds(2);

  private final String name;
  private final int capacityPerPriority;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workArrived = lock.newCondition();
  private final Condition batchTaken = lock.newCondition();
  private final Deque<Runnable> interactive = new ArrayDeque<>();
  private final Deque<Runnable> batch = new ArrayDeque<>();
  private final Thread[] threads;
  private long keptFreeUntilNanos;
  private int runningBatch;
  private boolean closed;

  /**
   * Creates a pool and starts its threads.
   *
   * @param name prefix of the threads' names
   * @param threads how many calls run simultaneously
   * @param capacityPerPriority how many calls of each priority may wait
   */
  public PlatformPool(String name, int threads, int capacityPerPriority) {
    this(name, threads, capacityPerPriority, Ticker.system());
  }

  PlatformPool(String name, int threads, int capacityPerPriority, Ticker ticker) {
    this.name = name;
    this.capacityPerPriority = capacityPerPriority;
    this.ticker = ticker;
    this.keptFreeUntilNanos = ticker.nanos();
    this.threads = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      this.threads[i] = Thread.ofPlatform().name(name + "-" + i).daemon().start(this::work);
    }
  }

  /**
   * Queues {@code call}. The future fails with the exception that the call throws.
   *
   * @throws ThrongException OVERLOADED when the queue for interactive work is full; SHUTTING_DOWN
   *     after close
   */
  public <T> CompletableFuture<T> submit(Priority priority, Callable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable body =
        () -> {
          if (result.isDone()) {
            return; // cancelled while queued
          }
          try {
            result.complete(call.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        };
    lock.lock();
    try {
      awaitRoom(priority);
      queue(priority).add(body);
      if (priority == Priority.INTERACTIVE) {
        keptFreeUntilNanos = ticker.nanos() + KEPT_FREE.toNanos();
      }
      workArrived.signal();
    } finally {
      lock.unlock();
    }
    return result;
  }

  /**
   * Queues {@code call} and waits for its result. A call whose caller no longer waits is dropped
   * when it reaches the front of the queue.
   */
  public <T> T call(Priority priority, Deadline deadline, Callable<T> call) {
    return await(submit(priority, call), deadline);
  }

  /**
   * Waits for a result of {@link #submit}.
   *
   * @throws ThrongException the failure of the call, or DEADLINE_EXCEEDED
   */
  public <T> T await(CompletableFuture<T> result, Deadline deadline) {
    return Futures.join(result, deadline, "waiting for " + name);
  }

  /** Returns the number of queued calls, for a gauge. */
  public int queued(Priority priority) {
    lock.lock();
    try {
      return queue(priority).size();
    } finally {
      lock.unlock();
    }
  }

  public int capacityPerPriority() {
    return capacityPerPriority;
  }

  public int threads() {
    return threads.length;
  }

  /**
   * Accepts no more work, finishes the queued calls, and waits at most 10 seconds for each thread.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      workArrived.signalAll();
      batchTaken.signalAll();
    } finally {
      lock.unlock();
    }
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void awaitRoom(Priority priority) {
    while (!closed && queue(priority).size() >= capacityPerPriority) {
      if (priority == Priority.INTERACTIVE) {
        throw ThrongException.overloaded(
            "%s: %d calls are waiting (limit %d)"
                .formatted(name, interactive.size(), capacityPerPriority),
            Duration.ofSeconds(1));
      }
      try {
        batchTaken.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ThrongException(
            ErrorCode.SHUTTING_DOWN, "interrupted while waiting for room in " + name, e);
      }
    }
    if (closed) {
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, name + " is shut down");
    }
  }

  private void work() {
    for (Runnable body = take(); body != null; body = take()) {
      body.run();
    }
  }

  private @Nullable Runnable take() {
    lock.lock();
    try {
      while (interactive.isEmpty() && !mayTakeBatch()) {
        if (closed) {
          return null;
        }
        try {
          var _ = workArrived.awaitNanos(batch.isEmpty() ? Long.MAX_VALUE : keptFreeNanos());
        } catch (InterruptedException e) {
          // The interrupt was meant for a call that has ended. Only `closed` ends the thread.
        }
      }
      if (!interactive.isEmpty()) {
        return interactive.remove();
      }
      batchTaken.signal();
      runningBatch++;
      Runnable body = batch.remove();
      return () -> runBatch(body);
    } finally {
      lock.unlock();
    }
  }

  private void runBatch(Runnable body) {
    try {
      body.run();
    } finally {
      lock.lock();
      try {
        runningBatch--;
        workArrived.signal(); // this thread may take interactive work next
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean mayTakeBatch() {
    boolean isOneFree = runningBatch < threads.length - 1 || threads.length == 1;
    return !batch.isEmpty() && (isOneFree || closed || keptFreeNanos() <= 0);
  }

  private long keptFreeNanos() {
    return keptFreeUntilNanos - ticker.nanos();
  }

  private Deque<Runnable> queue(Priority priority) {
    return switch (priority) {
      case INTERACTIVE -> interactive;
      case BATCH -> batch;
    };
  }
}

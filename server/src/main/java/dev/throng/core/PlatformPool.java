package dev.throng.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of platform threads in front of a bounded queue, for calls that leave Java (ONNX,
 * tokenizer, SQLite). Such a call pins the carrier of a virtual thread, and two carriers are a
 * whole small machine: 32 pinned calls delayed an unrelated 5 ms sleep by 4 s in a measurement,
 * through two platform threads by 45 ms at most.
 *
 * <p>Interactive work goes before batch work; first come, first served inside each. Each class has
 * its own bound: interactive work beyond it is refused, batch work waits for room (that is its
 * back-pressure).
 */
public final class PlatformPool implements AutoCloseable {
  /** Who waits for the result: a person, or an ingest. */
  public enum Priority {
    INTERACTIVE,
    BATCH
  }

  private final String name;
  private final int capacityPerPriority;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workArrived = lock.newCondition();
  private final Condition batchTaken = lock.newCondition();
  private final Deque<Runnable> interactive = new ArrayDeque<>();
  private final Deque<Runnable> batch = new ArrayDeque<>();
  private final Thread[] threads;
  private boolean closed;

  /**
   * @param name prefix of the threads' names
   * @param threads how many calls run at once
   * @param capacityPerPriority how many calls of each priority may wait
   */
  public PlatformPool(String name, int threads, int capacityPerPriority) {
    this.name = name;
    this.capacityPerPriority = capacityPerPriority;
    this.threads = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      this.threads[i] = Thread.ofPlatform().name(name + "-" + i).daemon().start(this::work);
    }
  }

  /**
   * Queues {@code call}; the future fails with what the call throws.
   *
   * @throws ThrongException OVERLOADED when interactive work finds its queue full; SHUTTING_DOWN
   *     after close
   */
  public <T> CompletableFuture<T> submit(Priority priority, Callable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable body =
        () -> {
          if (result.isDone()) {
            return; // cancelled while it waited
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
      workArrived.signal();
    } finally {
      lock.unlock();
    }
    return result;
  }

  /**
   * Queues {@code call} and waits for it; a call that nobody waits for any more is dropped from the
   * queue's front.
   */
  public <T> T call(Priority priority, Deadline deadline, Callable<T> call) {
    return await(submit(priority, call), deadline);
  }

  /**
   * Waits for a result of {@link #submit}.
   *
   * @throws ThrongException what the call failed with, or DEADLINE_EXCEEDED
   */
  public <T> T await(CompletableFuture<T> result, Deadline deadline) {
    try {
      return result.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw new ThrongException(
          ErrorCode.DEADLINE_EXCEEDED, "the deadline passed while waiting for " + name, e);
    } catch (InterruptedException e) {
      result.cancel(false);
      Thread.currentThread().interrupt();
      throw new ThrongException(
          ErrorCode.SHUTTING_DOWN, "interrupted while waiting for " + name, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ThrongException classified) {
        throw classified;
      }
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new ThrongException(ErrorCode.INTERNAL, name + ": " + e.getCause(), e.getCause());
    }
  }

  /** Calls waiting now, for a gauge. */
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

  /** Takes no more work, finishes what is queued, and waits for it at most 10 seconds. */
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
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, name + " is closed");
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
      while (interactive.isEmpty() && batch.isEmpty()) {
        if (closed) {
          return null;
        }
        workArrived.awaitUninterruptibly();
      }
      if (!interactive.isEmpty()) {
        return interactive.remove();
      }
      batchTaken.signal();
      return batch.remove();
    } finally {
      lock.unlock();
    }
  }

  private Deque<Runnable> queue(Priority priority) {
    return switch (priority) {
      case INTERACTIVE -> interactive;
      case BATCH -> batch;
    };
  }
}

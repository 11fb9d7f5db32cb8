package dev.throng.core;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Guards state that some threads change and others wait for. Every change wakes all who wait. */
public final class Monitor {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Makes a change. */
  public void change(Runnable change) {
    update(() -> {
      change.run();
      return true;
    });
  }

  /** Makes a change that has a result. */
  public <T> T update(Supplier<T> change) {
    lock.lock();
    try {
      T result = change.get();
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** Reads while nothing changes. */
  public <T> T read(Supplier<T> read) {
    lock.lock();
    try {
      return read.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a condition holds, and then reads before anything changes.
   *
   * @param timeoutNanos maximum wait; the condition may not hold after it
   */
  public <T> T await(BooleanSupplier isReached, long timeoutNanos, Supplier<T> read)
      throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (!isReached.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return read.get();
    } finally {
      lock.unlock();
    }
  }
}

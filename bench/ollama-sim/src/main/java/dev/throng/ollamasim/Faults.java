package dev.throng.ollamasim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The planned faults, and whether the instance is dark: accepts requests and answers none. */
final class Faults {
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Fault> planned = new ArrayDeque<>();
  private int darkRequests;
  private CompletableFuture<Boolean> cleared = new CompletableFuture<>();

  void plan(Fault fault) {
    lock.lock();
    try {
      planned.add(fault);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the fault for the generation that was just received. */
  @Nullable Fault next() {
    lock.lock();
    try {
      Fault fault = planned.peek();
      // The times of HALF_OPEN count the requests after its victim.
      boolean isOnce = fault != null && (fault.times() == 1 || fault.kind() == FaultKind.HALF_OPEN);
      if (isOnce) {
        planned.remove();
      } else if (fault != null && fault.times() != Fault.UNTIL_CLEARED) {
        planned.remove();
        planned.addFirst(fault.times(fault.times() - 1));
      }
      return fault;
    } finally {
      lock.unlock();
    }
  }

  void goDark(int requests) {
    lock.lock();
    try {
      darkRequests = requests;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Decides whether the request that was just received gets no response.
   *
   * @return until when, or null
   */
  @Nullable CompletableFuture<Boolean> swallow() {
    lock.lock();
    try {
      if (darkRequests == 0) {
        return null;
      }
      if (darkRequests != Fault.UNTIL_CLEARED) {
        darkRequests--;
      }
      return cleared;
    } finally {
      lock.unlock();
    }
  }

  /** Completes at the next {@link #clear} or {@link #release}. */
  CompletableFuture<Boolean> cleared() {
    lock.lock();
    try {
      return cleared;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets planned faults, and releases hanging requests. */
  void clear() {
    lock.lock();
    try {
      planned.clear();
    } finally {
      lock.unlock();
    }
    release();
  }

  /** Ends darkness and releases hanging requests; planned faults stay. */
  void release() {
    CompletableFuture<Boolean> waited;
    lock.lock();
    try {
      darkRequests = 0;
      waited = cleared;
      cleared = new CompletableFuture<>();
    } finally {
      lock.unlock();
    }
    waited.complete(true);
  }
}

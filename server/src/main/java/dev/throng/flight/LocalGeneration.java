package dev.throng.flight;

import dev.throng.core.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One generation of this process: what it is made from, and its text so far. One flight at a time
 * leads it.
 */
final class LocalGeneration {
  /** What a flight has not received yet. */
  record News(String answerId, List<String> pieces, Optional<FlightEnd> end, boolean isLed) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> pieces = new ArrayList<>();
  private @Nullable FlightHead head;
  private @Nullable FlightEnd end;
  private boolean isLed;

  /**
   * Makes the caller the leader, unless there is one or the text is complete.
   *
   * @param head used if no flight has led this generation before
   */
  boolean lead(FlightHead head) {
    lock.lock();
    try {
      if (isLed || end != null) {
        return false;
      }
      if (this.head == null) {
        this.head = head;
      }
      isLed = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void append(String piece) {
    change(() -> pieces.add(piece));
  }

  void finish(FlightEnd end) {
    change(() -> this.end = end);
  }

  /** Makes way for another leader. Must be called by every leader. */
  void release() {
    change(() -> isLed = false);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Nullable FlightHead head() {
    lock.lock();
    try {
      return head;
    } finally {
      lock.unlock();
    }
  }

  boolean hasEnded() {
    lock.lock();
    try {
      return end != null;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what comes after the first {@code known} pieces. */
  News after(int known) {
    lock.lock();
    try {
      return new News(
          head == null ? "" : head.answerId(),
          List.copyOf(pieces.subList(known, pieces.size())),
          Optional.ofNullable(end),
          isLed);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for more than the first {@code known} pieces, for the end, or until no flight leads. */
  void await(int known, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (isLed && end == null && pieces.size() == known) {
        deadline.check("the flight that generates the answer was done");
        changed.awaitNanos(deadline.remainingNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  void forEachText(Consumer<String> listener) {
    FlightHead known = head();
    if (known != null) {
      listener.accept(known.question());
      listener.accept(known.user());
      known.sources().forEach(source -> source.passage().forEachText(listener));
      listener.accept(String.join("", after(0).pieces()));
    }
  }
}

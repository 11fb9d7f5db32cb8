package dev.throng.admission;

import dev.throng.admission.Ticket.State;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.observe.AdmissionMetrics;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands out permits, as many as there are slots, in the order of an {@link AdmissionQueue}. Who
 * finds none waits on a latch of its own: a slot that comes free wakes the chosen one and nobody
 * else.
 */
public final class Admission {
  private static final long TELL_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  /** The right to do one piece of work. Gives its slot back exactly once. */
  public final class Permit implements AutoCloseable {
    private final Ticket ticket;

    private Permit(Ticket ticket) {
      this.ticket = ticket;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        queue.end(ticket, ticker.nanos()); // without effect the second time
      } finally {
        lock.unlock();
      }
    }
  }

  private final Room room;
  private final AdmissionQueue queue;
  private final Ticker ticker;
  private final AdmissionMetrics metrics;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param slots how many permits may be out now; asked often and under a lock, so it must be quick
   *     and take none. Call {@link #capacityChanged} when it has grown
   */
  public Admission(Room room, IntSupplier slots, AdmissionMetrics metrics) {
    this.room = room;
    this.queue = new AdmissionQueue(room, slots);
    this.ticker = Ticker.system();
    this.metrics = metrics;
  }

  /**
   * Waits for a permit.
   *
   * @throws ThrongException OVERLOADED when the room is full, or the wait would end, or has ended,
   *     after the longest wait or the deadline
   */
  public Permit admit(AdmissionRequest request, QueueListener listener) {
    CountDownLatch decided = new CountDownLatch(1);
    Ticket ticket = arrive(request, decided);
    try {
      if (decided.getCount() > 0) {
        await(ticket, request, decided, listener);
      }
    } catch (InterruptedException e) {
      leave(ticket);
      Thread.currentThread().interrupt();
      throw new ThrongException(
          ErrorCode.SHUTTING_DOWN, "interrupted while waiting for a permit", e);
    } catch (RuntimeException | Error e) {
      leave(ticket); // the listener failed
      throw e;
    }
    Refusal refusal = refusal(ticket);
    if (refusal != null) {
      throw refused(refusal);
    }
    return new Permit(ticket);
  }

  /**
   * Does nothing when {@link #admit} would let the request in or wait.
   *
   * @throws ThrongException OVERLOADED when it would refuse at once
   */
  public void check(AdmissionRequest request) {
    Refusal refusal;
    lock.lock();
    try {
      refusal =
          queue.wouldRefuse(
              request.tenant(),
              request.priority(),
              request.deadline().remainingNanos(),
              ticker.nanos());
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      throw refused(refusal);
    }
  }

  /** To be called when slots have come. */
  public void capacityChanged() {
    lock.lock();
    try {
      queue.capacityChanged(ticker.nanos());
    } finally {
      lock.unlock();
    }
  }

  /** Requests waiting, for a gauge. */
  public int waiting() {
    lock.lock();
    try {
      return queue.waiting();
    } finally {
      lock.unlock();
    }
  }

  /** Permits that are out, for a gauge. */
  public int running() {
    lock.lock();
    try {
      return queue.running();
    } finally {
      lock.unlock();
    }
  }

  /** How long the one has waited that waits longest, for a gauge. */
  public Duration oldestWait() {
    lock.lock();
    try {
      return Duration.ofNanos(queue.oldestWaitNanos(ticker.nanos()));
    } finally {
      lock.unlock();
    }
  }

  private Ticket arrive(AdmissionRequest request, CountDownLatch decided) {
    lock.lock();
    try {
      return queue.arrive(
          request.tenant(),
          request.priority(),
          request.deadline().remainingNanos(),
          ticker.nanos(),
          decided::countDown);
    } finally {
      lock.unlock();
    }
  }

  private void await(
      Ticket ticket, AdmissionRequest request, CountDownLatch decided, QueueListener listener)
      throws InterruptedException {
    long endNanos =
        ticker.nanos() + Math.min(request.deadline().remainingNanos(), room.maxWait().toNanos());
    int told = 0;
    for (long left = endNanos - ticker.nanos(); left > 0; left = endNanos - ticker.nanos()) {
      Optional<Place> place = place(ticket);
      if (place.isPresent() && place.get().position() != told) {
        told = place.get().position();
        listener.waits(place.get());
      }
      if (decided.await(Math.min(left, TELL_INTERVAL_NANOS), TimeUnit.NANOSECONDS)) {
        return;
      }
    }
    lock.lock();
    try {
      queue.expire(ticket, ticker.nanos());
    } finally {
      lock.unlock();
    }
  }

  private Optional<Place> place(Ticket ticket) {
    lock.lock();
    try {
      return ticket.state() == State.WAITING
          ? Optional.of(queue.place(ticket, ticker.nanos()))
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void leave(Ticket ticket) {
    lock.lock();
    try {
      queue.end(ticket, ticker.nanos()); // it may have got its permit meanwhile
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Refusal refusal(Ticket ticket) {
    lock.lock();
    try {
      return ticket.refusal();
    } finally {
      lock.unlock();
    }
  }

  private ThrongException refused(Refusal refusal) {
    metrics.refused(refusal.reason().name().toLowerCase(Locale.ROOT));
    return ThrongException.overloaded(
        "%s: %d waiting for %d slots, refused because %s (limits: %d waiting, %d s)"
            .formatted(
                room.name(),
                waiting(),
                queue.capacity(),
                because(refusal.reason()),
                room.maxWaiting(),
                room.maxWait().toSeconds()),
        refusal.estimatedWait());
  }

  private static String because(Refusal.Reason reason) {
    return switch (reason) {
      case FULL -> "the room is full";
      case SHARE -> "this tenant's part of the room is full";
      case TOO_LATE -> "the wait would be too long";
      case EXPIRED -> "the wait was too long";
    };
  }
}

package dev.throng.admission;

import dev.throng.admission.Refusal.Reason;
import dev.throng.admission.Ticket.State;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.observe.AdmissionMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Issues permits, as many as there are slots, in the order of an {@link AdmissionQueue}. A request
 * without a permit waits on a latch of its own, so a freed slot wakes only the chosen request.
 */
public final class Admission {
  private static final long NOTIFY_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  /** The right to do one piece of work. It releases its slot exactly once. */
  public final class Permit implements AutoCloseable {
    private final Ticket ticket;

    private Permit(Ticket ticket) {
      this.ticket = ticket;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        queue.end(ticket, ticker.nanos()); // has no effect the second time
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * A request that will ask for a permit after other work. Must be closed when it has asked, or
   * will not ask.
   */
  public final class Expected implements AutoCloseable {
    private final AdmissionRequest request;
    private boolean isClosed;

    private Expected(AdmissionRequest request) {
      this.request = request;
    }

    /**
     * Returns whether the request would be admitted now. If not, the other work would be wasted.
     */
    public boolean isWorthwhile() {
      lock.lock();
      try {
        long nowNanos = ticker.nanos();
        return !queue.isOutage(nowNanos)
            && queue.wouldRefuse(
                    request.tenant(),
                    request.priority(),
                    request.deadline().remainingNanos(),
                    nowNanos)
                == null;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!isClosed) {
          isClosed = true;
          queue.ceaseToExpect(request.tenant());
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private final QueueLimits limits;
  private final AdmissionQueue queue;
  private final Ticker ticker;
  private final AdmissionMetrics metrics;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition slotsChanged = lock.newCondition();

  /**
   * Creates an admission.
   *
   * @param slots how many permits may be held now. It is called often and under a lock, so it must
   *     be fast and must not take locks. Call {@link #capacityChanged} when the number has grown
   */
  public Admission(QueueLimits limits, IntSupplier slots, AdmissionMetrics metrics) {
    this.limits = limits;
    this.queue = new AdmissionQueue(limits, slots);
    this.ticker = Ticker.system();
    this.metrics = metrics;
  }

  /**
   * Waits for a permit.
   *
   * @throws ThrongException OVERLOADED when the queue is full, or the wait would exceed, or has
   *     exceeded, the maximum wait or the deadline
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
      throw interrupted(e);
    } catch (RuntimeException | Error e) {
      leave(ticket); // only when the listener failed
      throw e;
    }
    Refusal refusal = refusal(ticket);
    if (refusal != null) {
      throw refused(refusal);
    }
    return new Permit(ticket);
  }

  /**
   * Announces a request that will ask for a permit after other work. While there is no slot at all,
   * it waits like {@link #admit}, so that no work is done for requests that would then be refused.
   *
   * @throws ThrongException as {@link #admit}, when the request would be refused
   */
  public Expected expect(AdmissionRequest request) {
    Refusal refusal;
    try {
      lock.lockInterruptibly();
      try {
        refusal = awaitSlots(request);
        if (refusal == null) {
          refusal =
              queue.expect(
                  request.tenant(),
                  request.priority(),
                  request.deadline().remainingNanos(),
                  ticker.nanos());
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (refusal != null) {
      throw refused(refusal);
    }
    return new Expected(request);
  }

  /** Returns null when there are slots. */
  private @Nullable Refusal awaitSlots(AdmissionRequest request) throws InterruptedException {
    while (queue.isOutage(ticker.nanos())) {
      long leftNanos =
          Math.min(
              queue.outageLeftNanos(request.askedNanos(), ticker.nanos()),
              request.deadline().remainingNanos());
      if (leftNanos <= 0) {
        return new Refusal(Reason.OUTAGE, limits.recoveryWait());
      }
      var _ = slotsChanged.awaitNanos(leftNanos);
    }
    return null;
  }

  private static ThrongException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ThrongException(
        ErrorCode.SHUTTING_DOWN, "interrupted while waiting for a permit", cause);
  }

  /** Must be called when slots were added. */
  public void capacityChanged() {
    lock.lock();
    try {
      queue.capacityChanged(ticker.nanos());
      slotsChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of waiting requests, for a gauge. */
  public int waiting() {
    lock.lock();
    try {
      return queue.waiting();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of permits in use, for a gauge. */
  public int running() {
    lock.lock();
    try {
      return queue.running();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the wait of the request that has waited longest, for a gauge. */
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
          request.askedNanos(),
          ticker.nanos(),
          decided::countDown);
    } finally {
      lock.unlock();
    }
  }

  private void await(
      Ticket ticket, AdmissionRequest request, CountDownLatch decided, QueueListener listener)
      throws InterruptedException {
    int reportedPosition = 0;
    for (long left = left(ticket, request); left > 0; left = left(ticket, request)) {
      Optional<Place> place = place(ticket);
      if (place.isPresent() && place.get().position() != reportedPosition) {
        reportedPosition = place.get().position();
        listener.waits(place.get());
      }
      if (decided.await(Math.min(left, NOTIFY_INTERVAL_NANOS), TimeUnit.NANOSECONDS)) {
        return;
      }
    }
  }

  /**
   * Returns how long the ticket may still wait. When the time is up and it has no permit, it is
   * refused.
   */
  private long left(Ticket ticket, AdmissionRequest request) {
    lock.lock();
    try {
      long leftNanos =
          Math.min(
              queue.patienceNanos(ticket, ticker.nanos()), request.deadline().remainingNanos());
      if (leftNanos <= 0) {
        queue.expire(ticket, ticker.nanos());
      }
      return leftNanos;
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
      queue.end(ticket, ticker.nanos()); // it may have received its permit in the meantime
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
    metrics.refused(refusal.reason().code());
    if (refusal.reason() == Reason.OUTAGE) {
      return new ThrongException(
          ErrorCode.BACKEND_UNREACHABLE,
          "no backend can answer, and none recovered within %d ms"
              .formatted(limits.recoveryWait().toMillis()));
    }
    return ThrongException.overloaded(
        "%s: %d waiting for %d slots, refused because %s (limits: %d waiting, %d s)"
            .formatted(
                limits.name(),
                waiting(),
                queue.capacity(),
                because(refusal.reason()),
                limits.maxWaiting(),
                limits.maxWait().toSeconds()),
        refusal.estimatedWait());
  }

  private static String because(Reason reason) {
    return switch (reason) {
      case FULL -> "the queue is full";
      case SHARE -> "this tenant's share of the queue is full";
      case TOO_LATE -> "the wait would be too long";
      case EXPIRED -> "the wait was too long";
      case OUTAGE -> "there is no slot";
    };
  }
}

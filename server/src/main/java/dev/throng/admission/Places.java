package dev.throng.admission;

import dev.throng.admission.Refusal.Reason;
import dev.throng.core.Priority;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The places in a queue: how long the wait from each is, estimated from recent service times, and
 * how many of them each tenant may take. Not thread-safe.
 */
final class Places {
  /** Safety margin for estimation error, as a share of the time that is left: an eighth. */
  private static final int MARGIN_DIVISOR = 8;

  /** Fraction of the queue that a tenant beyond its share cannot use: one eighth. */
  private static final int RESERVE_DIVISOR = 8;

  /** Minimum number of places for a tenant, regardless of its weight. */
  private static final int MIN_PLACES = 8;

  private final QueueLimits limits;
  private final WaitingLines waiting;
  private final FairShares shares;
  private final ServiceTime serviceTime;
  private final IntSupplier capacity;

  /**
   * Creates the places.
   *
   * @param capacity the number of slots
   */
  Places(
      QueueLimits limits,
      WaitingLines waiting,
      FairShares shares,
      ServiceTime serviceTime,
      IntSupplier capacity) {
    this.limits = limits;
    this.waiting = waiting;
    this.shares = shares;
    this.serviceTime = serviceTime;
    this.capacity = capacity;
  }

  /** Returns the place of a waiting ticket. */
  Place of(Ticket ticket, long nowNanos) {
    int nth = 1;
    for (Ticket before : ticket.line().waiting(ticket.priority())) {
      if (before == ticket) {
        break;
      }
      nth++;
    }
    return place(ticket.line(), ticket.priority(), nth, nowNanos);
  }

  /**
   * Returns why a request would be refused a place, or null when it would not.
   *
   * @param ahead expected requests of the tenant that have not arrived yet
   */
  @Nullable Refusal refusal(
      TenantLine<Ticket> line, Priority priority, long patienceNanos, int ahead, long nowNanos) {
    int nth = line.waiting(priority).size() + ahead + 1;
    Duration wait = place(line, priority, nth, nowNanos).estimatedWait();
    if (waiting.size() + ahead >= limits.maxWaiting()) {
      return new Refusal(Reason.FULL, wait);
    }
    if (line.waiting() + ahead >= placesFor(line)) {
      return new Refusal(Reason.SHARE, wait);
    }
    boolean isTooLate = wait.toNanos() > patienceNanos - patienceNanos / MARGIN_DIVISOR;
    return isTooLate ? new Refusal(Reason.TOO_LATE, wait) : null;
  }

  private int placesFor(TenantLine<Ticket> line) {
    int places = limits.maxWaiting();
    int most = places - places / RESERVE_DIVISOR;
    if (waiting.size() == line.waiting()) {
      return most;
    }
    long weights = line.waiting() == 0 ? line.weight() : 0;
    for (TenantLine<Ticket> other : waiting.of(Priority.INTERACTIVE)) {
      weights += other.weight();
    }
    for (TenantLine<Ticket> other : waiting.of(Priority.BATCH)) {
      weights += other.waiting(Priority.INTERACTIVE).isEmpty() ? other.weight() : 0;
    }
    int share = (int) ((long) places * line.weight() / weights);
    return Math.min(most, Math.max(MIN_PLACES, share));
  }

  /** Returns the place of the {@code nth} waiting ticket of a tenant among all tickets. */
  private Place place(TenantLine<Ticket> line, Priority priority, int nth, long nowNanos) {
    long ahead = nth - 1L;
    for (TenantLine<Ticket> other : waiting.of(priority)) {
      if (other != line && mayGoBefore(other, line, nowNanos)) {
        long turns = ((long) nth * other.weight() + line.weight() - 1) / line.weight();
        ahead += Math.min(other.waiting(priority).size(), turns);
      }
    }
    if (priority == Priority.BATCH) {
      for (TenantLine<Ticket> other : waiting.of(Priority.INTERACTIVE)) {
        ahead += other.waiting(Priority.INTERACTIVE).size();
      }
    }
    int position = (int) Math.min(Integer.MAX_VALUE, ahead + 1);
    double slots = Math.max(1, capacity.getAsInt());
    double wait = position * (serviceTime.meanNanos() / slots);
    double share = shares.of(line);
    double beyond = nth + line.usage().held() - share;
    if (beyond > 0) {
      // Slots that others hold, and those kept free for them, are not available.
      double own = slots - shares.othersUsage(line, nowNanos) - shares.reserve(line, nowNanos);
      wait =
          Math.max(wait, Math.min(nth, beyond) * (serviceTime.meanNanos() / Math.max(share, own)));
    }
    return new Place(position, Duration.ofNanos((long) wait));
  }

  /** A tenant beyond its share goes after one below it. */
  private boolean mayGoBefore(TenantLine<Ticket> other, TenantLine<Ticket> line, long nowNanos) {
    return !shares.isBeyond(other, nowNanos) || shares.isBeyond(line, nowNanos);
  }
}

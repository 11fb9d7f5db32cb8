package dev.throng.admission;

import dev.throng.admission.Refusal.Reason;
import dev.throng.admission.Ticket.State;
import dev.throng.core.Priority;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests run, wait or are refused. Events carry the time, and decisions are
 * returned through the tickets. There is no I/O and no clock. Not thread-safe.
 *
 * <p>Interactive tickets go before batch tickets. Among tenants, the next permit goes to the one
 * that has received least for its weight (start-time fair queueing, Goyal 1996: deficit round-robin
 * without its bursts). Within a tenant, tickets are served in order of arrival. While other tenants
 * are active, a tenant that holds its share of the slots leaves the last few free for them
 * (docs/decisions/0012-admission.md).
 */
public final class AdmissionQueue {
  /** Of this many permits, at most one goes to a batch ticket before interactive ones. */
  private static final int BATCH_TURN = 4;

  private final QueueLimits limits;
  private final IntSupplier capacity;
  private final Outage outage;

  private final ActiveTenants tenants;
  private final WaitingLines waiting = new WaitingLines();
  private final Usage usage = new Usage();
  private final ServiceTime serviceTime;
  private final FairShares shares;
  private final Places places;
  private int permitsSinceBatchTurn = BATCH_TURN;
  private double sharedClock;

  /** The time of the event that is being handled. */
  private long nowNanos;

  /**
   * Creates a queue.
   *
   * @param capacity the number of permits that may be held now; it may change at any time, see
   *     {@link #capacityChanged}
   */
  public AdmissionQueue(QueueLimits limits, IntSupplier capacity) {
    this.limits = limits;
    this.capacity = capacity;
    this.tenants = new ActiveTenants(limits);
    this.outage = new Outage(limits.recoveryWait());
    this.serviceTime = new ServiceTime(limits.firstGuess().toNanos());
    this.shares = new FairShares(tenants, usage, capacity, serviceTime);
    this.places = new Places(limits, waiting, shares, serviceTime, capacity);
  }

  /** Asks for a permit for a request that starts now. */
  public Ticket arrive(
      String tenant, Priority priority, long waitNanos, long atNanos, Runnable decided) {
    return arrive(tenant, priority, waitNanos, atNanos, atNanos, decided);
  }

  /**
   * Asks for a permit. When this returns, the ticket runs, waits or is refused.
   *
   * @param waitNanos maximum wait
   * @param askedNanos when the request started
   * @param decided called once, when the ticket starts or is refused
   */
  public Ticket arrive(
      String tenant,
      Priority priority,
      long waitNanos,
      long askedNanos,
      long atNanos,
      Runnable decided) {
    advanceTo(atNanos);
    tenants.forgetIdle(nowNanos);
    TenantLine<Ticket> line = tenants.enter(tenant, nowNanos);
    long patienceNanos = Math.min(waitNanos, limits.maxWait().toNanos());
    Ticket ticket =
        new Ticket(line, priority, askedNanos, nowNanos, nowNanos + patienceNanos, decided);
    if (line.waiting() == 0) {
      line.resume(sharedClock);
    }
    if (canStartNow(line, priority)) {
      start(ticket);
      return ticket;
    }
    Refusal refusal =
        outage.isTooLong(askedNanos, nowNanos)
            ? new Refusal(Reason.OUTAGE, limits.recoveryWait())
            : places.refusal(line, priority, patienceNanos, 0, nowNanos);
    if (refusal != null) {
      ticket.refuse(refusal);
      return ticket;
    }
    waiting.add(ticket);
    return ticket;
  }

  /** Returns how {@link #arrive} would refuse, or null when it would not. */
  public @Nullable Refusal wouldRefuse(
      String tenant, Priority priority, long waitNanos, long atNanos) {
    return wouldRefuse(tenant, priority, waitNanos, 0, atNanos);
  }

  private @Nullable Refusal wouldRefuse(
      String tenant, Priority priority, long waitNanos, int ahead, long atNanos) {
    advanceTo(atNanos);
    TenantLine<Ticket> known = tenants.find(tenant);
    TenantLine<Ticket> line =
        known == null ? new TenantLine<>(tenant, limits.weight(tenant)) : known;
    long patienceNanos = Math.min(waitNanos, limits.maxWait().toNanos());
    boolean canStart = canStartNow(line, priority) && capacity() - running() > ahead;
    return canStart ? null : places.refusal(line, priority, patienceNanos, ahead, nowNanos);
  }

  /**
   * Announces a request that will ask for a permit after other work, which would be wasted if the
   * request were refused then. Must be followed by {@link #ceaseToExpect}, whether or not the
   * request arrives.
   *
   * @return how the request would be refused if it arrived after all expected requests of its
   *     tenant; null when it is expected now, too
   */
  public @Nullable Refusal expect(String tenant, Priority priority, long waitNanos, long atNanos) {
    TenantLine<Ticket> known = tenants.find(tenant);
    // While the first guess affects the mean, no request is refused because of expected ones.
    int ahead = known == null || !serviceTime.isWellKnown() ? 0 : known.expected();
    Refusal refusal = wouldRefuse(tenant, priority, waitNanos, ahead, atNanos);
    if (refusal == null) {
      tenants.enter(tenant, nowNanos).expect(1);
    }
    return refusal;
  }

  /** Must be called when an expected request has arrived or will not arrive. */
  public void ceaseToExpect(String tenant) {
    TenantLine<Ticket> line = tenants.find(tenant); // present, because an expected request keeps it
    if (line != null) {
      line.expect(-1);
    }
  }

  /** Returns whether there is no slot at all, so that a waiting request may wait in vain. */
  public boolean isOutage(long atNanos) {
    advanceTo(atNanos);
    return outage.isOn();
  }

  /** Returns how long a request may still wait for an outage to end; at most 0 when it may not. */
  public long outageLeftNanos(long askedNanos, long atNanos) {
    advanceTo(atNanos);
    return outage.endNanos(askedNanos) - nowNanos;
  }

  /** Ends a ticket: it releases its permit or stops waiting. */
  public void end(Ticket ticket, long atNanos) {
    advanceTo(atNanos);
    switch (ticket.state()) {
      case WAITING -> {
        waiting.remove(ticket);
        ticket.end();
      }
      case RUNNING -> {
        usage.add(-1, nowNanos, shares.periodNanos());
        ticket.line().usage().add(-1, nowNanos, shares.periodNanos());
        tenants.touch(ticket.line(), nowNanos);
        serviceTime.measured(nowNanos - ticket.startedNanos());
        ticket.end();
        startWaiting();
      }
      case REFUSED, ENDED -> {}
    }
  }

  /** Refuses a ticket whose maximum wait is over. Has no effect on a ticket that is not waiting. */
  public void expire(Ticket ticket, long atNanos) {
    advanceTo(atNanos);
    expire(ticket);
  }

  private void expire(Ticket ticket) {
    if (ticket.state() == State.WAITING) {
      Duration wait = places.of(ticket, nowNanos).estimatedWait();
      waiting.remove(ticket);
      boolean isOver = ticket.hasExpired(nowNanos) || !outage.isOn();
      ticket.refuse(new Refusal(isOver ? Reason.EXPIRED : Reason.OUTAGE, wait));
    }
  }

  /** Returns how long a waiting ticket may still wait in the current situation. */
  public long patienceNanos(Ticket ticket, long atNanos) {
    advanceTo(atNanos);
    long left = ticket.expiresNanos() - nowNanos;
    return outage.isOn() ? Math.min(left, outage.endNanos(ticket.askedNanos()) - nowNanos) : left;
  }

  /** Must be called when the number of slots may have grown. */
  public void capacityChanged(long atNanos) {
    advanceTo(atNanos);
    startWaiting();
  }

  /** Returns the place of a waiting ticket. */
  public Place place(Ticket ticket, long atNanos) {
    advanceTo(atNanos);
    return places.of(ticket, nowNanos);
  }

  public int waiting() {
    return waiting.size();
  }

  /** Returns the number of permits in use. */
  public int running() {
    return usage.held();
  }

  public int capacity() {
    return capacity.getAsInt();
  }

  /** Returns the wait of the ticket that has waited longest, or 0 when none is waiting. */
  public long oldestWaitNanos(long atNanos) {
    return waiting.oldestWaitNanos(atNanos);
  }

  /** Returns the number of tenants remembered. */
  public int tenants() {
    return tenants.size();
  }

  private void startWaiting() {
    while (waiting.size() > 0 && running() < capacity()) {
      refuseExpired();
      Ticket next = next();
      if (next == null) {
        return;
      }
      waiting.remove(next);
      start(next);
    }
  }

  private void start(Ticket ticket) {
    TenantLine<Ticket> line = ticket.line();
    sharedClock = Math.max(sharedClock, line.pass());
    line.took(1.0 / line.weight());
    line.usage().add(1, nowNanos, shares.periodNanos());
    usage.add(1, nowNanos, shares.periodNanos());
    permitsSinceBatchTurn++;
    ticket.start(nowNanos);
  }

  private @Nullable Ticket next() {
    if (permitsSinceBatchTurn >= BATCH_TURN) {
      TenantLine<Ticket> overdue = best(Priority.BATCH, nowNanos - limits.batchAfter().toNanos());
      if (overdue != null) {
        permitsSinceBatchTurn = 0;
        return first(overdue, Priority.BATCH);
      }
    }
    for (Priority priority : Priority.values()) {
      TenantLine<Ticket> line = best(priority, nowNanos);
      if (line != null) {
        return first(line, priority);
      }
    }
    return null;
  }

  /** Returns the tenant that has received least and may start a ticket from {@code arrivedBy}. */
  private @Nullable TenantLine<Ticket> best(Priority priority, long arrivedBy) {
    TenantLine<Ticket> best = null;
    for (TenantLine<Ticket> line : waiting.of(priority)) {
      if ((best == null || line.pass() < best.pass())
          && first(line, priority).arrivedNanos() - arrivedBy <= 0
          && mayStart(line)) {
        best = line;
      }
    }
    return best;
  }

  /** Returns whether a new ticket may start immediately without overtaking a waiting one. */
  private boolean canStartNow(TenantLine<Ticket> line, Priority priority) {
    return running() < capacity() && line.waiting(priority).isEmpty() && mayStart(line);
  }

  /** Returns whether a tenant may have a free slot. The last ones are reserved for others. */
  private boolean mayStart(TenantLine<Ticket> line) {
    return !shares.isBeyond(line, nowNanos)
        || capacity() - running() > shares.reserve(line, nowNanos);
  }

  private void advanceTo(long atNanos) {
    nowNanos = atNanos;
    outage.note(capacity(), nowNanos);
  }

  private void refuseExpired() {
    for (Priority priority : Priority.values()) {
      for (TenantLine<Ticket> line : Set.copyOf(waiting.of(priority))) {
        Deque<Ticket> tickets = line.waiting(priority);
        while (!tickets.isEmpty() && tickets.getFirst().hasExpired(nowNanos)) {
          expire(tickets.getFirst());
        }
      }
    }
  }

  private static Ticket first(TenantLine<Ticket> line, Priority priority) {
    return line.waiting(priority).getFirst();
  }
}

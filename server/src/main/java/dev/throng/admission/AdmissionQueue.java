package dev.throng.admission;

import dev.throng.admission.Refusal.Reason;
import dev.throng.admission.Ticket.State;
import dev.throng.core.Priority;
import java.time.Duration;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who runs, who waits and who is refused. Events come in with the time, decisions go out
 * through the tickets; no IO, no clock, not safe for threads.
 *
 * <p>Interactive tickets go before batch ones. Between tenants the next permit goes to the one that
 * was given least for its weight (start-time fair queueing, Goyal 1996: deficit round-robin without
 * its bursts); within a tenant, first come, first served. While other tenants are active, one that
 * holds its share of the slots leaves the last few free for them
 * (docs/decisions/0012-admission.md).
 */
public final class AdmissionQueue {
  /** The mean that waits are estimated from goes over about so many service times. */
  private static final int MEAN_SAMPLES = 32;

  /** Measured service times after which next to nothing of the first guess is left in the mean. */
  private static final int MEASURED_ENOUGH = 4 * MEAN_SAMPLES;

  /** Safety margin for estimation error, as a share of the time that is left: an eighth. */
  private static final int MARGIN_DIVISOR = 8;

  /** Chance that a tenant below its share finds no slot free, when others want more than theirs. */
  private static final double MISS = 0.1;

  /** Bounds of the load that slots are kept free by: at least one is, and the logarithm is some. */
  private static final double MIN_LOAD = 0.01;

  private static final double MAX_LOAD = 0.99;

  /** No more than this part of the slots is kept free: a quarter. */
  private static final int RESERVE_DIVISOR = 4;

  /** A tenant's part of the slots is measured over so many service times. */
  private static final int USAGE_SERVICE_TIMES = 10;

  /** Part of the room that a tenant beyond its share of it cannot have: one eighth. */
  private static final int ROOM_RESERVE_DIVISOR = 8;

  /** Places that a tenant has whatever its weight. */
  private static final int MIN_PLACES = 8;

  /** Of so many permits, at most one goes to a batch ticket before interactive ones. */
  private static final int BATCH_TURN = 4;

  private final QueueLimits limits;
  private final IntSupplier capacity;
  private final Outage outage;

  private final ActiveTenants tenants;
  private final Map<Priority, Set<TenantLine<Ticket>>> waitingLines = new EnumMap<>(Priority.class);
  private int waiting;
  private final Usage usage = new Usage();
  private int permitsSinceBatchTurn = BATCH_TURN;
  private double sharedClock;
  private long meanNanos;
  private int samples = 1;
  private int measuredCount;

  /** When the event happened that is being handled. */
  private long nowNanos;

  /**
   * @param capacity permits that may be out now; may change at any time, see {@link
   *     #capacityChanged}
   */
  public AdmissionQueue(QueueLimits limits, IntSupplier capacity) {
    this.limits = limits;
    this.capacity = capacity;
    this.tenants = new ActiveTenants(limits);
    this.outage = new Outage(limits.recoveryWait());
    this.meanNanos = limits.firstGuess().toNanos();
    for (Priority priority : Priority.values()) {
      waitingLines.put(priority, new LinkedHashSet<>());
    }
  }

  /** As below, for a request that begins now. */
  public Ticket arrive(
      String tenant, Priority priority, long waitNanos, long atNanos, Runnable decided) {
    return arrive(tenant, priority, waitNanos, atNanos, atNanos, decided);
  }

  /**
   * Asks for a permit. The ticket runs, waits or is refused already when this returns.
   *
   * @param waitNanos longest it can wait
   * @param askedNanos when the request began that it is for
   * @param decided called once, when the ticket starts or is refused
   */
  public Ticket arrive(
      String tenant,
      Priority priority,
      long waitNanos,
      long askedNanos,
      long atNanos,
      Runnable decided) {
    happens(atNanos);
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
            : checkLimits(line, priority, patienceNanos, 0);
    if (refusal != null) {
      ticket.refuse(refusal);
      return ticket;
    }
    line.waiting(priority).add(ticket);
    lines(priority).add(line);
    waiting++;
    return ticket;
  }

  /** How {@link #arrive} would refuse; null when it would not. */
  public @Nullable Refusal wouldRefuse(
      String tenant, Priority priority, long waitNanos, long atNanos) {
    return wouldRefuse(tenant, priority, waitNanos, 0, atNanos);
  }

  private @Nullable Refusal wouldRefuse(
      String tenant, Priority priority, long waitNanos, int ahead, long atNanos) {
    happens(atNanos);
    TenantLine<Ticket> known = tenants.find(tenant);
    TenantLine<Ticket> line =
        known == null ? new TenantLine<>(tenant, limits.weight(tenant)) : known;
    long patienceNanos = Math.min(waitNanos, limits.maxWait().toNanos());
    boolean canStart = canStartNow(line, priority) && capacity() - running() > ahead;
    return canStart ? null : checkLimits(line, priority, patienceNanos, ahead);
  }

  /**
   * Announces a request that will ask for a permit after other work, which would be wasted if it
   * were refused then. To be followed by {@link #ceaseToExpect}, whether it comes or not.
   *
   * @return how it would be refused, were it to come behind all that are expected of its tenant;
   *     null when it is expected now, too
   */
  public @Nullable Refusal expect(String tenant, Priority priority, long waitNanos, long atNanos) {
    TenantLine<Ticket> known = tenants.find(tenant);
    // As long as the first guess is in the mean, nobody is turned away for those who may come.
    int ahead = known == null || measuredCount < MEASURED_ENOUGH ? 0 : known.expected();
    Refusal refusal = wouldRefuse(tenant, priority, waitNanos, ahead, atNanos);
    if (refusal == null) {
      tenants.enter(tenant, nowNanos).expect(1);
    }
    return refusal;
  }

  /** One that was expected has come, or will not. */
  public void ceaseToExpect(String tenant) {
    TenantLine<Ticket> line =
        tenants.find(tenant); // there, since one with an expected request is not idle
    if (line != null) {
      line.expect(-1);
    }
  }

  /** Whether there is no slot at all, and a waiting request may wait in vain. */
  public boolean isOutage(long atNanos) {
    happens(atNanos);
    return outage.isOn();
  }

  /** How long a request may still wait for an outage to end; not positive when no longer. */
  public long outageLeftNanos(long askedNanos, long atNanos) {
    happens(atNanos);
    return outage.endNanos(askedNanos) - nowNanos;
  }

  /** The ticket's holder is done with it: it gives its permit back, or waits no longer. */
  public void end(Ticket ticket, long atNanos) {
    happens(atNanos);
    switch (ticket.state()) {
      case WAITING -> {
        remove(ticket);
        ticket.end();
      }
      case RUNNING -> {
        usage.add(-1, nowNanos, usageNanos());
        ticket.line().usage().add(-1, nowNanos, usageNanos());
        tenants.touch(ticket.line(), nowNanos);
        measured(nowNanos - ticket.startedNanos());
        ticket.end();
        startWaiting();
      }
      case REFUSED, ENDED -> {}
    }
  }

  /** The ticket has waited as long as it could; without effect when it does not wait. */
  public void expire(Ticket ticket, long atNanos) {
    happens(atNanos);
    expire(ticket);
  }

  private void expire(Ticket ticket) {
    if (ticket.state() == State.WAITING) {
      Duration wait = place(ticket).estimatedWait();
      remove(ticket);
      boolean isOver = ticket.hasExpired(nowNanos) || !outage.isOn();
      ticket.refuse(new Refusal(isOver ? Reason.EXPIRED : Reason.OUTAGE, wait));
    }
  }

  /** How long a waiting ticket waits at most, as things are. */
  public long patienceNanos(Ticket ticket, long atNanos) {
    happens(atNanos);
    long left = ticket.expiresNanos() - nowNanos;
    return outage.isOn() ? Math.min(left, outage.endNanos(ticket.askedNanos()) - nowNanos) : left;
  }

  /** There may be more slots than before. */
  public void capacityChanged(long atNanos) {
    happens(atNanos);
    startWaiting();
  }

  /** Where a waiting ticket stands. */
  public Place place(Ticket ticket, long atNanos) {
    happens(atNanos);
    return place(ticket);
  }

  private Place place(Ticket ticket) {
    int nth = 1;
    for (Ticket before : ticket.line().waiting(ticket.priority())) {
      if (before == ticket) {
        break;
      }
      nth++;
    }
    return place(ticket.line(), ticket.priority(), nth);
  }

  public int waiting() {
    return waiting;
  }

  /** Permits that are out. */
  public int running() {
    return usage.held();
  }

  public int capacity() {
    return capacity.getAsInt();
  }

  /** How long the one has waited that waits longest; 0 when nobody waits. */
  public long oldestWaitNanos(long atNanos) {
    long oldest = 0;
    for (Priority priority : Priority.values()) {
      for (TenantLine<Ticket> line : lines(priority)) {
        oldest = Math.max(oldest, atNanos - first(line, priority).arrivedNanos());
      }
    }
    return oldest;
  }

  /** Tenants remembered. */
  public int tenants() {
    return tenants.size();
  }

  // ---- who goes next

  private void startWaiting() {
    while (waiting > 0 && running() < capacity()) {
      refuseExpired();
      Ticket next = next();
      if (next == null) {
        return;
      }
      remove(next);
      start(next);
    }
  }

  private void start(Ticket ticket) {
    TenantLine<Ticket> line = ticket.line();
    sharedClock = Math.max(sharedClock, line.pass());
    line.took(1.0 / line.weight());
    line.usage().add(1, nowNanos, usageNanos());
    usage.add(1, nowNanos, usageNanos());
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

  /**
   * The tenant that was given least of those that may start one which came by {@code arrivedBy}.
   */
  private @Nullable TenantLine<Ticket> best(Priority priority, long arrivedBy) {
    TenantLine<Ticket> best = null;
    for (TenantLine<Ticket> line : lines(priority)) {
      if ((best == null || line.pass() < best.pass())
          && first(line, priority).arrivedNanos() - arrivedBy <= 0
          && mayStart(line)) {
        best = line;
      }
    }
    return best;
  }

  /** Those that wait when a slot is free may not start: so nobody is passed. */
  private boolean canStartNow(TenantLine<Ticket> line, Priority priority) {
    return running() < capacity() && line.waiting(priority).isEmpty() && mayStart(line);
  }

  /** Whether a tenant may have one of the free slots; the others' last ones it may not. */
  private boolean mayStart(TenantLine<Ticket> line) {
    return !isBeyondShare(line) || capacity() - running() > reserve(line);
  }

  /** Whoever holds nothing is not: so nobody is kept from its first slot. */
  private boolean isBeyondShare(TenantLine<Ticket> line) {
    return line.usage().held() > 0 && line.usage().mean(nowNanos, usageNanos()) >= share(line);
  }

  /** Slots that a tenant may have whatever others do. */
  private double share(TenantLine<Ticket> line) {
    int all = line.isActive() ? tenants.weight() : tenants.weight() + line.weight();
    return Math.max(1, (double) capacity() * line.weight() / all);
  }

  /**
   * Slots kept free for the others: as many as they would all have taken at once with a chance of
   * {@link #MISS}, were arrivals and ends of generations independent.
   */
  private int reserve(TenantLine<Ticket> line) {
    if (tenants.size() < 2) {
      return 0;
    }
    double load = Math.clamp(othersUsage(line) / capacity(), MIN_LOAD, MAX_LOAD);
    int wanted = (int) Math.ceil(Math.log(MISS) / Math.log(load));
    return Math.min(wanted, capacity() / RESERVE_DIVISOR);
  }

  /** Slots that all others hold, on the average. */
  private double othersUsage(TenantLine<Ticket> line) {
    return usage.mean(nowNanos, usageNanos()) - line.usage().mean(nowNanos, usageNanos());
  }

  /** The while over which it is measured how much of the slots a tenant takes. */
  private long usageNanos() {
    return Math.max(1, meanNanos * USAGE_SERVICE_TIMES);
  }

  // ---- limits

  /**
   * @param ahead of its tenant that are not here yet
   */
  private @Nullable Refusal checkLimits(
      TenantLine<Ticket> line, Priority priority, long patienceNanos, int ahead) {
    int nth = line.waiting(priority).size() + ahead + 1;
    Duration wait = place(line, priority, nth).estimatedWait();
    if (waiting + ahead >= limits.maxWaiting()) {
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
    int most = places - places / ROOM_RESERVE_DIVISOR;
    if (waiting == line.waiting()) {
      return most;
    }
    long weights = line.waiting() == 0 ? line.weight() : 0;
    for (TenantLine<Ticket> other : lines(Priority.INTERACTIVE)) {
      weights += other.weight();
    }
    for (TenantLine<Ticket> other : lines(Priority.BATCH)) {
      weights += other.waiting(Priority.INTERACTIVE).isEmpty() ? other.weight() : 0;
    }
    int share = (int) ((long) places * line.weight() / weights);
    return Math.min(most, Math.max(MIN_PLACES, share));
  }

  /** Where the {@code nth} waiting ticket of a tenant stands among all. */
  private Place place(TenantLine<Ticket> line, Priority priority, int nth) {
    long ahead = nth - 1L;
    for (TenantLine<Ticket> other : lines(priority)) {
      if (other != line && mayGoBefore(other, line)) {
        long turns = ((long) nth * other.weight() + line.weight() - 1) / line.weight();
        ahead += Math.min(other.waiting(priority).size(), turns);
      }
    }
    if (priority == Priority.BATCH) {
      for (TenantLine<Ticket> other : lines(Priority.INTERACTIVE)) {
        ahead += other.waiting(Priority.INTERACTIVE).size();
      }
    }
    int position = (int) Math.min(Integer.MAX_VALUE, ahead + 1);
    double slots = Math.max(1, capacity());
    double wait = position * (meanNanos / slots);
    double share = share(line);
    double beyond = nth + line.usage().held() - share;
    if (beyond > 0) {
      // What the others hold now, and the slots kept free for them, do not come to this tenant.
      double own = slots - othersUsage(line) - reserve(line);
      wait = Math.max(wait, Math.min(nth, beyond) * (meanNanos / Math.max(share, own)));
    }
    return new Place(position, Duration.ofNanos((long) wait));
  }

  /** A tenant beyond its share goes after one below it. */
  private boolean mayGoBefore(TenantLine<Ticket> other, TenantLine<Ticket> line) {
    return !isBeyondShare(other) || isBeyondShare(line);
  }

  // ---- bookkeeping

  private void happens(long atNanos) {
    nowNanos = atNanos;
    outage.note(capacity(), nowNanos);
  }

  private void refuseExpired() {
    for (Priority priority : Priority.values()) {
      for (TenantLine<Ticket> line : Set.copyOf(lines(priority))) {
        Deque<Ticket> tickets = line.waiting(priority);
        while (!tickets.isEmpty() && tickets.getFirst().hasExpired(nowNanos)) {
          expire(tickets.getFirst());
        }
      }
    }
  }

  private void measured(long serviceNanos) {
    measuredCount = Math.min(MEASURED_ENOUGH, measuredCount + 1);
    samples = Math.min(MEAN_SAMPLES, samples + 1); // the first ones count more than the guess
    meanNanos += (serviceNanos - meanNanos) / samples;
  }

  private void remove(Ticket ticket) {
    Deque<Ticket> line = ticket.line().waiting(ticket.priority());
    line.remove(ticket);
    waiting--;
    if (line.isEmpty()) {
      lines(ticket.priority()).remove(ticket.line());
    }
  }

  private Set<TenantLine<Ticket>> lines(Priority priority) {
    return waitingLines.getOrDefault(priority, Set.of());
  }

  private static Ticket first(TenantLine<Ticket> line, Priority priority) {
    return line.waiting(priority).getFirst();
  }
}

package dev.throng.admission;

import java.util.function.IntSupplier;

/**
 * The slots that each tenant may have, and those that are kept free for the others
 * (docs/decisions/0012-admission.md). Not thread-safe.
 */
final class FairShares {
  /**
   * Probability that a tenant below its share finds no free slot when others want more than theirs.
   */
  private static final double MISS_PROBABILITY = 0.1;

  /**
   * Bounds of the load for which slots are kept free: at least one slot is kept free, and the
   * logarithm is not zero.
   */
  private static final double MIN_LOAD = 0.01;

  private static final double MAX_LOAD = 0.99;

  /** At most this fraction of the slots is kept free: a quarter. */
  private static final int RESERVE_DIVISOR = 4;

  /** Number of service times over which a tenant's use of the slots is measured. */
  private static final int USAGE_SERVICE_TIMES = 10;

  private final ActiveTenants tenants;
  private final Usage usage;
  private final IntSupplier capacity;
  private final ServiceTime serviceTime;

  /**
   * Creates the shares.
   *
   * @param usage the use of all slots
   * @param capacity the number of slots
   */
  FairShares(ActiveTenants tenants, Usage usage, IntSupplier capacity, ServiceTime serviceTime) {
    this.tenants = tenants;
    this.usage = usage;
    this.capacity = capacity;
    this.serviceTime = serviceTime;
  }

  /** Returns false for a tenant that holds no slot, so that every tenant can get its first one. */
  boolean isBeyond(TenantLine<Ticket> line, long nowNanos) {
    return line.usage().held() > 0 && line.usage().mean(nowNanos, periodNanos()) >= of(line);
  }

  /** Returns the number of slots that a tenant may have regardless of the others. */
  double of(TenantLine<Ticket> line) {
    int all = line.isActive() ? tenants.weight() : tenants.weight() + line.weight();
    return Math.max(1, (double) capacity.getAsInt() * line.weight() / all);
  }

  /**
   * Returns the number of slots kept free for the others. It is the number that they would all need
   * simultaneously with a probability of {@link #MISS_PROBABILITY}, if arrivals and ends of
   * generations were independent.
   */
  int reserve(TenantLine<Ticket> line, long nowNanos) {
    if (tenants.size() < 2) {
      return 0;
    }
    double load = Math.clamp(othersUsage(line, nowNanos) / capacity.getAsInt(), MIN_LOAD, MAX_LOAD);
    int wanted = (int) Math.ceil(Math.log(MISS_PROBABILITY) / Math.log(load));
    return Math.min(wanted, capacity.getAsInt() / RESERVE_DIVISOR);
  }

  /** Returns the average number of slots that all other tenants hold. */
  double othersUsage(TenantLine<Ticket> line, long nowNanos) {
    return usage.mean(nowNanos, periodNanos()) - line.usage().mean(nowNanos, periodNanos());
  }

  /** Returns the period over which a tenant's use of the slots is measured. */
  long periodNanos() {
    return Math.max(1, serviceTime.meanNanos() * USAGE_SERVICE_TIMES);
  }
}

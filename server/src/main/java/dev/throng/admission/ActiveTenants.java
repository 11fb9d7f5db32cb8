package dev.throng.admission;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tenants of a queue that have requests in it, or had some recently. State without I/O or
 * clock.
 */
final class ActiveTenants {
  /** How long a tenant counts as active after its last request. */
  private static final long ACTIVE_NANOS = Duration.ofSeconds(10).toNanos();

  /** Maximum number of remembered tenants that have no requests here. */
  private static final int MAX_IDLE = 10_000;

  /** Maximum number of tenants examined per event for removal. */
  private static final int MAX_FORGET_STEPS = 16;

  private final QueueLimits limits;

  /** Ordered by activity, the least recently active tenant first. */
  private final LinkedHashMap<String, TenantLine<Ticket>> lines = new LinkedHashMap<>();

  private int weight;

  ActiveTenants(QueueLimits limits) {
    this.limits = limits;
  }

  /** Returns the line of a tenant that is active now. */
  TenantLine<Ticket> enter(String name, long nowNanos) {
    TenantLine<Ticket> line = lines.get(name);
    if (line == null) {
      line = new TenantLine<>(name, limits.weight(name));
      line.activate(true);
      weight += line.weight();
    }
    touch(line, nowNanos);
    return line;
  }

  /** Returns the line of a tenant, or null when the tenant is not active. */
  @Nullable TenantLine<Ticket> find(String name) {
    return lines.get(name);
  }

  void touch(TenantLine<Ticket> line, long nowNanos) {
    line.touch(nowNanos);
    lines.putLast(line.name(), line);
  }

  void forgetIdle(long nowNanos) {
    Iterator<TenantLine<Ticket>> oldest = lines.values().iterator();
    for (int i = 0; i < MAX_FORGET_STEPS && oldest.hasNext(); i++) {
      TenantLine<Ticket> line = oldest.next();
      boolean isLate = line.idleNanos(nowNanos) > ACTIVE_NANOS;
      if (!isLate && lines.size() <= MAX_IDLE) {
        return;
      }
      if (line.isIdle()) {
        oldest.remove();
        line.activate(false);
        weight -= line.weight();
      }
    }
  }

  /** Returns the sum of the weights of all active tenants. */
  int weight() {
    return weight;
  }

  int size() {
    return lines.size();
  }
}

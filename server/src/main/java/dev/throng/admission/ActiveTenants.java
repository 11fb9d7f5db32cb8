package dev.throng.admission;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** The tenants of a room that have something here, or had lately. State without IO or clock. */
final class ActiveTenants {
  /** A tenant counts as active for so long after its last request. */
  private static final long ACTIVE_NANOS = Duration.ofSeconds(10).toNanos();

  /** Tenants remembered that have nothing here. */
  private static final int MAX_IDLE = 10_000;

  /** Tenants looked at for being forgotten, an event. */
  private static final int MAX_FORGET_STEPS = 16;

  private final QueueLimits limits;

  /** The one that was active longest ago first. */
  private final LinkedHashMap<String, TenantLine<Ticket>> lines = new LinkedHashMap<>();

  private int weight;

  ActiveTenants(QueueLimits limits) {
    this.limits = limits;
  }

  /** The line of a tenant that does something now. */
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

  /** Null when the tenant is not active. */
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

  /** The weights of all together. */
  int weight() {
    return weight;
  }

  int size() {
    return lines.size();
  }
}

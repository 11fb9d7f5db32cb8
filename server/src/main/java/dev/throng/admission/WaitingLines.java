package dev.throng.admission;

import dev.throng.core.Priority;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The waiting tickets of a queue, by priority and tenant. State without I/O or clock. */
final class WaitingLines {
  private final Map<Priority, Set<TenantLine<Ticket>>> lines = new EnumMap<>(Priority.class);
  private int size;

  WaitingLines() {
    for (Priority priority : Priority.values()) {
      lines.put(priority, new LinkedHashSet<>());
    }
  }

  void add(Ticket ticket) {
    ticket.line().waiting(ticket.priority()).add(ticket);
    of(ticket.priority()).add(ticket.line());
    size++;
  }

  void remove(Ticket ticket) {
    TenantLine<Ticket> line = ticket.line();
    line.waiting(ticket.priority()).remove(ticket);
    size--;
    if (line.waiting(ticket.priority()).isEmpty()) {
      of(ticket.priority()).remove(line);
    }
  }

  /** Returns the number of waiting tickets. */
  int size() {
    return size;
  }

  /** Returns the tenants that have tickets of a priority waiting. */
  Set<TenantLine<Ticket>> of(Priority priority) {
    return lines.getOrDefault(priority, Set.of());
  }

  /** Returns the wait of the ticket that has waited longest, or 0 when none is waiting. */
  long oldestWaitNanos(long nowNanos) {
    long oldest = 0;
    for (Priority priority : Priority.values()) {
      for (TenantLine<Ticket> line : of(priority)) {
        oldest = Math.max(oldest, nowNanos - line.waiting(priority).getFirst().arrivedNanos());
      }
    }
    return oldest;
  }
}

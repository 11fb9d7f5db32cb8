package dev.throng.redis;

import dev.throng.core.Periodic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Renews the leases of the flights that this replica leads, on one thread for all: a lease is
 * needed also while a leader waits for a slot.
 */
final class FlightLeases implements AutoCloseable {
  private static final Duration RENEW_INTERVAL = Duration.ofMillis(500);

  private final FlightCommands commands;

  /** By the token of the leader. */
  private final ConcurrentMap<String, FlightKeys> held = new ConcurrentHashMap<>();

  private final Periodic renewals;

  FlightLeases(FlightCommands commands) {
    this.commands = commands;
    this.renewals = Periodic.start("flight-leases", RENEW_INTERVAL, this::renew);
  }

  /** Starts to renew a lease. */
  void keep(FlightKeys keys, String token) {
    held.put(token, keys);
  }

  /** Stops renewing a lease. */
  void drop(String token) {
    held.remove(token);
  }

  @Override
  public void close() {
    renewals.close();
  }

  private void renew() {
    for (Map.Entry<String, FlightKeys> lease : held.entrySet()) {
      commands.renew(lease.getValue(), lease.getKey());
    }
  }
}

package dev.throng.redis;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Renews the leases of the flights that this replica leads, on one thread for all: a lease is
 * needed also while a leader waits for a slot.
 */
final class FlightLeases implements AutoCloseable {
  private static final Duration RENEW_INTERVAL = Duration.ofMillis(500);

  private final FlightCommands commands;

  /** By the token of the leader. */
  private final ConcurrentMap<String, FlightKeys> held = new ConcurrentHashMap<>();

  private final Thread keeper;

  FlightLeases(FlightCommands commands) {
    this.commands = commands;
    this.keeper = Thread.ofVirtual().name("flight-leases").start(this::renewUntilClosed);
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
    keeper.interrupt();
  }

  private void renewUntilClosed() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(RENEW_INTERVAL.toMillis());
        for (Map.Entry<String, FlightKeys> lease : held.entrySet()) {
          commands.renew(lease.getValue(), lease.getKey());
        }
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }
}

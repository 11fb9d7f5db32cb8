package dev.throng.redis;

import dev.throng.core.Fingerprint;
import dev.throng.flight.FlightHead;
import dev.throng.flight.SharedFlight;
import dev.throng.flight.SharedFlights;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Generations that replicas share. A lease in Redis determines which replica leads, and a stream
 * holds what it has generated.
 */
final class RedisFlights implements SharedFlights {
  private final FlightCommands commands;
  private final FlightLeases leases;
  private final String prefix;
  private final String replica;
  private final AtomicLong flights = new AtomicLong();

  /**
   * Creates the flights.
   *
   * @param replica the id of this process, which no other process has or had
   */
  RedisFlights(RedisLink link, String prefix, String replica) {
    this.commands = new FlightCommands(link);
    this.leases = new FlightLeases(commands);
    this.prefix = prefix;
    this.replica = replica;
  }

  @Override
  public SharedFlight join(Fingerprint fingerprint) {
    String token = replica + "-" + flights.incrementAndGet();
    return new RedisFlight(commands, leases, FlightKeys.of(prefix, fingerprint), token);
  }

  @Override
  public Optional<FlightHead> head(Fingerprint fingerprint) {
    return commands.head(FlightKeys.of(prefix, fingerprint));
  }

  @Override
  public void close() {
    leases.close();
  }
}

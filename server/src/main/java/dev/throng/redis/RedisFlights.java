package dev.throng.redis;

import dev.throng.cache.FlightHead;
import dev.throng.cache.SharedFlight;
import dev.throng.cache.SharedFlights;
import dev.throng.cache.StreamRecords;
import dev.throng.core.Fingerprint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Generations that replicas share. A lease in Redis determines which replica leads, and a stream
 * holds what it has generated. Every change is made by a script that checks the lease, so that a
 * leader that was paused for too long cannot disturb its successor.
 */
final class RedisFlights implements SharedFlights {
  /** How long the other replicas wait for a leader that was killed. */
  private static final Duration LEASE = Duration.ofSeconds(2);

  private static final Duration RENEW_INTERVAL = Duration.ofMillis(500);

  /**
   * Takes the lease. Returns 0 when another replica has it, 2 when the text is complete, and
   * otherwise 1 and all entries.
   */
  private static final Script LEAD =
      new Script(
          """
          local owner = redis.call('GET', KEYS[1])
          if owner and owner ~= ARGV[1] then return {0} end
          local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
          if last[1] and last[1][2][3] == 'end' then return {2} end
          redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
          return {1, redis.call('XRANGE', KEYS[2], '-', '+')}
          """);

  /**
   * Adds an entry after the one that ends at ARGV[4], '' for none. Returns 1 on success. A failover
   * can have lost acknowledged entries.
   */
  private static final Script APPEND =
      new Script(
          """
          if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
          local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
          local to = last[1] and last[1][2][2] or ''
          if to ~= ARGV[4] then return {0} end
          redis.call('XADD', KEYS[2], '*', 'to', ARGV[5], ARGV[6], ARGV[7])
          redis.call('PEXPIRE', KEYS[1], ARGV[2])
          redis.call('PEXPIRE', KEYS[2], ARGV[3])
          return {1}
          """);

  /** Returns whether any replica leads, and the entries after ARGV[1]. */
  private static final Script FOLLOW =
      new Script(
          """
          return {redis.call('EXISTS', KEYS[1]), redis.call('XRANGE', KEYS[2], ARGV[1], '+')}
          """);

  /** Returns the first entry, if there is one, which is the head of the generation. */
  private static final Script FIRST =
      new Script(
          """
          return redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
          """);

  private static final Script RENEW =
      new Script(
          """
          if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
          return {}
          """);

  private static final Script RELEASE =
      new Script(
          """
          if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
          return {}
          """);

  private final RedisLink link;
  private final String prefix;
  private final String replica;
  private final AtomicLong flights = new AtomicLong();
  private final Set<RedisFlight> led = ConcurrentHashMap.newKeySet();
  private final Thread keeper;

  /**
   * Creates the flights.
   *
   * @param replica the id of this process, which no other process has or had
   */
  RedisFlights(RedisLink link, String prefix, String replica) {
    this.link = link;
    this.prefix = prefix;
    this.replica = replica;
    this.keeper = Thread.ofVirtual().name("flight-leases").start(this::renewUntilClosed);
  }

  @Override
  public SharedFlight join(Fingerprint fingerprint) {
    String token = replica + "-" + flights.incrementAndGet();
    return new RedisFlight(this, FlightKeys.of(prefix, fingerprint), token);
  }

  @Override
  public Optional<FlightHead> head(Fingerprint fingerprint) {
    try {
      List<Object> first = FIRST.ask(link, List.of(FlightKeys.of(prefix, fingerprint).text()));
      return FlightEntry.of(first).stream()
          .map(FlightEntry::content)
          .filter(FlightEntry.Content.Head.class::isInstance)
          .map(content -> ((FlightEntry.Content.Head) content).head())
          .findFirst();
    } catch (RedisUnavailable e) {
      return Optional.empty();
    }
  }

  /** Starts to renew the lease of this flight. */
  void keep(RedisFlight leading) {
    led.add(leading);
  }

  /** Stops renewing the lease of this flight. */
  void drop(RedisFlight leading) {
    led.remove(leading);
  }

  List<Object> lead(FlightKeys keys, String token) throws RedisUnavailable {
    return LEAD.ask(link, keys.both(), token, LEASE.toMillis());
  }

  /** Appends an entry. The text is kept for as long as interrupted streams can be resumed. */
  boolean append(
      FlightKeys keys, String token, @Nullable Integer from, int to, String field, byte[] value)
      throws RedisUnavailable {
    List<Object> reply =
        APPEND.ask(
            link,
            keys.both(),
            token,
            LEASE.toMillis(),
            StreamRecords.LIFETIME.toMillis(),
            from == null ? "" : from,
            to,
            field,
            value);
    return reply.getFirst().equals(1L);
  }

  List<Object> follow(FlightKeys keys, String after) throws RedisUnavailable {
    return FOLLOW.ask(link, keys.both(), after);
  }

  void release(FlightKeys keys, String token) {
    RELEASE.send(link, keys.both(), token);
  }

  @Override
  public void close() {
    keeper.interrupt();
  }

  /** Renews all leases on one thread. A leader needs its lease also while it waits for a slot. */
  private void renewUntilClosed() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(RENEW_INTERVAL.toMillis());
        for (RedisFlight flight : led) {
          RENEW.send(link, flight.keys().both(), flight.token(), LEASE.toMillis());
        }
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }
}

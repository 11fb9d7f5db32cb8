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
 * Generations that replicas share. A lease in Redis says which replica leads; a stream holds what
 * it has made. Every change is made by a script that checks the lease, so that a leader that was
 * away for too long cannot disturb its successor.
 */
final class RedisFlights implements SharedFlights {
  /** How long a leader that was killed is waited for. */
  private static final Duration LEASE = Duration.ofSeconds(2);

  private static final Duration RENEW_EVERY = Duration.ofMillis(500);

  /**
   * Takes the lease. Answers 0 when another one has it, 2 when the text is whole, else 1 and all
   * entries.
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
   * Adds an entry behind the one that ends at ARGV[4], '' for none; answers 1 if it did. A failover
   * can have lost entries that were acknowledged.
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

  /** Whether anybody leads, and the entries behind ARGV[1]. */
  private static final Script FOLLOW =
      new Script(
          """
          return {redis.call('EXISTS', KEYS[1]), redis.call('XRANGE', KEYS[2], ARGV[1], '+')}
          """);

  /** What the generation is made from: the first entry, if there is one. */
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
   * @param replica names this process; no other has or had the name
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

  /** The lease of this flight is renewed from now on. */
  void keep(RedisFlight leading) {
    led.add(leading);
  }

  /** The lease of this flight is left to run out. */
  void drop(RedisFlight leading) {
    led.remove(leading);
  }

  List<Object> lead(FlightKeys keys, String token) throws RedisUnavailable {
    return LEAD.ask(link, keys.both(), token, LEASE.toMillis());
  }

  /** The text stays as long as streams that were cut off can be taken up. */
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

  /** One thread for all: a lease is needed also while a leader waits for a slot. */
  private void renewUntilClosed() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(RENEW_EVERY.toMillis());
        for (RedisFlight flight : led) {
          RENEW.send(link, flight.keys().both(), flight.token(), LEASE.toMillis());
        }
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }
}

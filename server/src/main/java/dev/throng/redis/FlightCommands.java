package dev.throng.redis;

import dev.throng.flight.FlightHead;
import dev.throng.flight.StreamRecords;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands that flights send to Redis. Every change is made by a script that checks the lease,
 * so that a leader that was paused for too long cannot disturb its successor.
 */
final class FlightCommands {
  /** How long the other replicas wait for a leader that was killed. */
  private static final Duration LEASE = Duration.ofSeconds(2);

  /**
   * Takes the lease. Returns 0 when another replica has it, 2 when the text is complete, and
   * otherwise 1 and all entries.
   */
  private static final RedisScript LEAD =
      new RedisScript(
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
  private static final RedisScript APPEND =
      new RedisScript(
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
  private static final RedisScript FOLLOW =
      new RedisScript(
          """
          return {redis.call('EXISTS', KEYS[1]), redis.call('XRANGE', KEYS[2], ARGV[1], '+')}
          """);

  /** Returns the first entry, if there is one, which is the head of the generation. */
  private static final RedisScript FIRST =
      new RedisScript(
          """
          return redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
          """);

  private static final RedisScript RENEW =
      new RedisScript(
          """
          if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
          return {}
          """);

  private static final RedisScript RELEASE =
      new RedisScript(
          """
          if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
          return {}
          """);

  private final RedisLink link;

  FlightCommands(RedisLink link) {
    this.link = link;
  }

  /** Returns the head of the generation, if its leader has published it. */
  Optional<FlightHead> head(FlightKeys keys) {
    try {
      List<Object> first = FIRST.ask(link, List.of(keys.text()));
      return FlightEntry.of(first).stream()
          .map(FlightEntry::content)
          .filter(FlightEntry.Content.Head.class::isInstance)
          .map(content -> ((FlightEntry.Content.Head) content).head())
          .findFirst();
    } catch (RedisUnavailable e) {
      return Optional.empty();
    }
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

  void renew(FlightKeys keys, String token) {
    RENEW.send(link, keys.both(), token, LEASE.toMillis());
  }
}

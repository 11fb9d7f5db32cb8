package dev.throng.redis;

import dev.throng.core.SharedBuckets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Token buckets under {@code PREFIX:b:NAME}. The value is the time at which the bucket will be full
 * again, by the server's clock (the generic cell rate algorithm, ITU-T I.371). A full bucket has no
 * key.
 */
final class RedisBuckets implements SharedBuckets {
  private static final double NANOS_PER_MICRO = 1e3;

  /**
   * Takes a token. Times are in microseconds. If the clock was set back, a bucket is not considered
   * emptier than empty.
   */
  private static final RedisScript TAKE =
      new RedisScript(
          """
          local time = redis.call('TIME')
          local now = time[1] * 1000000 + time[2]
          local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
          local full_at = tonumber(redis.call('GET', KEYS[1]) or 0)
          local missing = math.min(math.max(0, full_at - now), burst * interval)
          local after = missing + interval
          if after > burst * interval then return {0, math.floor(missing)} end
          redis.call('SET', KEYS[1], string.format('%.3f', now + after), 'PX', math.ceil(after / 1000))
          return {1, math.floor(missing)}
          """);

  private final RedisLink link;
  private final String prefix;

  RedisBuckets(RedisLink link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  @Override
  public Optional<TakeResult> take(String name, Duration interval, int burst) {
    try {
      List<Object> reply =
          TAKE.ask(
              link, List.of(prefix + ":b:" + name), interval.toNanos() / NANOS_PER_MICRO, burst);
      return Optional.of(
          new TakeResult(
              reply.get(0).equals(1L),
              Duration.ofNanos((long) ((Long) reply.get(1) * NANOS_PER_MICRO))));
    } catch (RedisUnavailable e) {
      return Optional.empty();
    }
  }
}

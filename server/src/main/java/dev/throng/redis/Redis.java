package dev.throng.redis;

import dev.throng.cache.SharedFlights;
import dev.throng.cache.SharedRecords;
import dev.throng.cache.SharedTier;
import dev.throng.config.RedisConfig;
import dev.throng.observe.TierMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.random.RandomGenerator;

/**
 * The Redis that replicas share, and what they share through it. When it is slow or gone every part
 * says so to itself in a bounded time, and the server goes on alone.
 */
public final class Redis implements AutoCloseable {
  private final RedisLink link;
  private final RedisTier tier;
  private final RedisFlights flights;
  private final RedisRecords records;

  /**
   * Returns at once; the connection is made in the background.
   *
   * @param random safe for many threads
   */
  public Redis(RedisConfig config, MeterRegistry meters, RandomGenerator random) {
    this.link = new RedisLink(config);
    RedisValues values = new RedisValues(link, config, new TierMetrics(meters, "redis"));
    this.tier = new RedisTier(values, config.ttl(), random);
    this.records = new RedisRecords(values);
    this.flights = new RedisFlights(link, config.prefix(), random);
  }

  /** Finished answers. */
  public SharedTier tier() {
    return tier;
  }

  /** Answers being made. */
  public SharedFlights flights() {
    return flights;
  }

  /** Event streams that were begun. */
  public SharedRecords records() {
    return records;
  }

  /** Whether it is out of use for now. */
  public boolean isDegraded() {
    return link.isBroken();
  }

  @Override
  public void close() {
    flights.close();
    link.close();
  }
}

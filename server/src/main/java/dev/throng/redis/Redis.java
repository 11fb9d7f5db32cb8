package dev.throng.redis;

import dev.throng.backend.pool.SlotShares;
import dev.throng.cache.SharedFlights;
import dev.throng.cache.SharedPurge;
import dev.throng.cache.SharedRecords;
import dev.throng.cache.SharedTier;
import dev.throng.config.RedisConfig;
import dev.throng.core.SharedBuckets;
import dev.throng.observe.RedisMetrics;
import dev.throng.observe.TierMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.random.RandomGenerator;

/**
 * The Redis that replicas share, and what they share through it. When it is slow or gone every part
 * says so to itself in a bounded time, and the server goes on alone.
 */
public final class Redis implements AutoCloseable {
  private final RedisLink link;
  private final String publishes;
  private final RedisTier tier;
  private final RedisPurge purge;
  private final RedisFlights flights;
  private final RedisRecords records;
  private final RedisSlots slots;
  private final RedisBuckets buckets;

  /**
   * Returns at once; the connection is made in the background.
   *
   * @param replica names this process; no other has or had the name
   * @param random safe for many threads
   */
  public Redis(RedisConfig config, String replica, MeterRegistry meters, RandomGenerator random) {
    this.link = new RedisLink(config, new RedisMetrics(meters));
    this.publishes = config.prefix() + ":publishes";
    RedisValues values = new RedisValues(link, config, new TierMetrics(meters, "redis"));
    RedisIndex index = new RedisIndex(link, config.prefix());
    this.purge = new RedisPurge(index, values, new RedisKeys(link, config.prefix()));
    this.tier = new RedisTier(values, index, config.ttl(), random);
    this.slots = new RedisSlots(link, config.prefix(), replica);
    this.buckets = new RedisBuckets(link, config.prefix());
    this.records = new RedisRecords(values);
    this.flights = new RedisFlights(link, config.prefix(), replica);
  }

  /** Finished answers. */
  public SharedTier tier() {
    return tier;
  }

  /** Removes what was made from documents that are gone. */
  public SharedPurge purge() {
    return purge;
  }

  /** Answers being made. */
  public SharedFlights flights() {
    return flights;
  }

  /** The slots of backends. */
  public SlotShares slots() {
    return slots;
  }

  /** How fast tenants may ask. */
  public SharedBuckets buckets() {
    return buckets;
  }

  /** Event streams that were begun. */
  public SharedRecords records() {
    return records;
  }

  /** Tells other replicas that there was a publish. */
  public void announcePublish() {
    link.announce(publishes);
  }

  /** Calls back when another replica has published; maybe not, and maybe for nothing. */
  public void onPublish(Runnable news) {
    link.listen(publishes, news);
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

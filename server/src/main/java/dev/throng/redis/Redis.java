package dev.throng.redis;

import dev.throng.backend.pool.SlotShares;
import dev.throng.cache.SharedPurge;
import dev.throng.cache.SharedTier;
import dev.throng.config.RedisConfig;
import dev.throng.core.SharedBuckets;
import dev.throng.flight.SharedFlights;
import dev.throng.flight.SharedRecords;
import dev.throng.observe.RedisMetrics;
import dev.throng.observe.TierMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * The Redis that replicas share, and the services built on it. When it is slow or unavailable,
 * every service reports that in a bounded time, and the server continues alone.
 */
public final class Redis implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final RedisLink link;
  private final String publishes;
  private final RedisTier tier;
  private final RedisPurge purge;
  private final RedisFlights flights;
  private final RedisRecords records;
  private final RedisSlots slots;
  private final RedisBuckets buckets;

  /**
   * Returns immediately. The connection is made in the background.
   *
   * @param replica the id of this process, which no other process has or had
   * @param random safe for concurrent use
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

  /** Returns the tier of finished answers. */
  public SharedTier tier() {
    return tier;
  }

  /** Returns the removal of what was made from deleted documents. */
  public SharedPurge purge() {
    return purge;
  }

  /** Returns the answers being generated. */
  public SharedFlights flights() {
    return flights;
  }

  /** Returns the sharing of backend slots. */
  public SlotShares slots() {
    return slots;
  }

  /** Returns the buckets of the tenants' request rates. */
  public SharedBuckets buckets() {
    return buckets;
  }

  /** Returns the records of event streams. */
  public SharedRecords records() {
    return records;
  }

  /** Notifies other replicas of a publish. */
  public void announcePublish() {
    link.announce(publishes);
  }

  /**
   * Sets a listener for publishes of other replicas. Notifications may be lost, or be superfluous.
   */
  public void onPublish(Runnable news) {
    link.listen(publishes, news);
  }

  /** Returns whether Redis is temporarily out of use. */
  public boolean isDegraded() {
    return link.isBroken();
  }

  /**
   * Waits until Redis is in use.
   *
   * @return whether it is, after this time at the latest
   */
  public boolean awaitUse(Duration atMost) {
    long start = System.nanoTime();
    while (isDegraded() && System.nanoTime() - start < atMost.toNanos()) {
      LockSupport.parkNanos(POLL.toNanos());
    }
    return !isDegraded();
  }

  @Override
  public void close() {
    flights.close();
    link.close();
  }
}

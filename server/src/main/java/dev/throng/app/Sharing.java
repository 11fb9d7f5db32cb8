package dev.throng.app;

import dev.throng.backend.pool.SlotShares;
import dev.throng.cache.SharedPurge;
import dev.throng.cache.SharedTier;
import dev.throng.catalog.Catalog;
import dev.throng.config.ThrongConfig;
import dev.throng.core.MadeFrom;
import dev.throng.core.SharedBuckets;
import dev.throng.core.Ticker;
import dev.throng.flight.LocalFlights;
import dev.throng.flight.SharedFlights;
import dev.throng.flight.SharedRecords;
import dev.throng.redis.Redis;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What replicas share: through Redis, or, without one, nothing beyond this process. */
interface Sharing extends AutoCloseable {
  /** Connects to the configured Redis, in the background, if there is one. */
  static Sharing of(ThrongConfig config, Catalog catalog, MeterRegistry metrics) {
    if (!config.redis().isUsed()) {
      return new Alone();
    }
    Redis redis =
        new Redis(
            config.redis(),
            catalog.replica(),
            metrics,
            () -> ThreadLocalRandom.current().nextLong());
    catalog.onPublish(redis::announcePublish);
    redis.onPublish(catalog::lookNow);
    return new ThroughRedis(redis);
  }

  /** Returns the tier of finished answers, or null for none. */
  @Nullable SharedTier answers();

  /**
   * Returns the answers being generated.
   *
   * @param isPurged whether some of what a generation is made from was purged
   */
  SharedFlights flights(Predicate<MadeFrom> isPurged);

  /** Returns the records of event streams, or null for none. */
  @Nullable SharedRecords streams();

  /** Returns the removal of what was made from deleted documents. */
  SharedPurge purge();

  /** Returns the buckets of the tenants' request rates. */
  SharedBuckets buckets();

  /** Returns the sharing of backend slots. */
  SlotShares slots();

  /**
   * Waits until this process can share with the others.
   *
   * @return whether it can, after this time at the latest
   */
  boolean awaitUse(Duration atMost);

  /** Returns the name of the component if it is temporarily out of use. */
  Optional<String> degraded();

  @Override
  void close();

  /** A server that shares nothing. */
  record Alone() implements Sharing {
    @Override
    public @Nullable SharedTier answers() {
      return null;
    }

    @Override
    public SharedFlights flights(Predicate<MadeFrom> isPurged) {
      return new LocalFlights(Ticker.system(), isPurged);
    }

    @Override
    public @Nullable SharedRecords streams() {
      return null;
    }

    @Override
    public SharedPurge purge() {
      return SharedPurge.NONE;
    }

    @Override
    public SharedBuckets buckets() {
      return SharedBuckets.NONE;
    }

    @Override
    public SlotShares slots() {
      return SlotShares.NONE;
    }

    @Override
    public boolean awaitUse(Duration atMost) {
      return true;
    }

    @Override
    public Optional<String> degraded() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  /** A replica of a server that shares through Redis. */
  record ThroughRedis(Redis redis) implements Sharing {
    @Override
    public SharedTier answers() {
      return redis.tier();
    }

    @Override
    public SharedFlights flights(Predicate<MadeFrom> isPurged) {
      return redis.flights();
    }

    @Override
    public SharedRecords streams() {
      return redis.records();
    }

    @Override
    public SharedPurge purge() {
      return redis.purge();
    }

    @Override
    public SharedBuckets buckets() {
      return redis.buckets();
    }

    @Override
    public SlotShares slots() {
      return redis.slots();
    }

    @Override
    public boolean awaitUse(Duration atMost) {
      return redis.awaitUse(atMost);
    }

    @Override
    public Optional<String> degraded() {
      return redis.isDegraded() ? Optional.of("redis") : Optional.empty();
    }

    @Override
    public void close() {
      redis.close();
    }
  }
}

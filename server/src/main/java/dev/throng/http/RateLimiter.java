package dev.throng.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.core.SharedBuckets;
import dev.throng.core.SharedBuckets.Look;
import dev.throng.core.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket of tokens for each tenant: so many flow in a second, so many it holds, a request takes
 * one. Kept as the one time at which the bucket will be full again (the generic cell rate
 * algorithm, ITU-T I.371), so that taking a token is one compare-and-set. Where replicas share the
 * buckets, those of this process count only while the others do not answer.
 */
final class RateLimiter {
  private static final long NANOS_A_SECOND = 1_000_000_000;

  /** Tenants remembered; one that is forgotten finds its bucket full. */
  private static final long MAX_TENANTS = 100_000;

  /**
   * What became of a request.
   *
   * @param remaining tokens left
   * @param reset until the bucket is full
   * @param retryAfter until there is a token again; zero when there is one
   */
  record Verdict(boolean isAllowed, int remaining, Duration reset, Duration retryAfter) {}

  private final SharedBuckets shared;
  private final long intervalNanos;
  private final int burst;
  private final Ticker ticker;
  private final Cache<String, AtomicLong> fullAt;

  /**
   * @param ratePerSecond tokens that flow in
   * @param burst tokens that a bucket holds
   */
  RateLimiter(int ratePerSecond, int burst, SharedBuckets shared, Ticker ticker) {
    this.shared = shared;
    this.intervalNanos = NANOS_A_SECOND / ratePerSecond;
    this.burst = burst;
    this.ticker = ticker;
    this.fullAt =
        Caffeine.newBuilder()
            .maximumSize(MAX_TENANTS)
            .expireAfterAccess(Duration.ofNanos(intervalNanos * burst).plusSeconds(1))
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /** Takes a token, if there is one. */
  Verdict take(String tenant) {
    return verdict(
        shared
            .take(tenant, Duration.ofNanos(intervalNanos), burst)
            .orElseGet(() -> takeHere(tenant)));
  }

  private Verdict verdict(Look look) {
    Duration interval = Duration.ofNanos(intervalNanos);
    Duration after = look.missing().plus(interval);
    Duration over = after.minus(interval.multipliedBy(burst));
    return look.isTaken()
        ? new Verdict(true, (int) (-over.toNanos() / intervalNanos), after, Duration.ZERO)
        : new Verdict(false, 0, look.missing(), over);
  }

  private Look takeHere(String tenant) {
    long now = ticker.nanos();
    AtomicLong bucket = fullAt.get(tenant, name -> new AtomicLong(now));
    while (true) {
      long known = bucket.get();
      long emptyNanos = Math.max(0, known - now); // what is missing, as the time it takes to flow
      long afterNanos = emptyNanos + intervalNanos;
      long overNanos = afterNanos - burst * intervalNanos;
      boolean isTaken = overNanos <= 0;
      if (!isTaken || bucket.compareAndSet(known, now + afterNanos)) {
        return new Look(isTaken, Duration.ofNanos(emptyNanos));
      }
    }
  }

  /** Tenants remembered. */
  long tenants() {
    fullAt.cleanUp();
    return fullAt.estimatedSize();
  }
}

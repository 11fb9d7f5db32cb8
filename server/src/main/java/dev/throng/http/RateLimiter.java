package dev.throng.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.core.SharedBuckets;
import dev.throng.core.SharedBuckets.TakeResult;
import dev.throng.core.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket for each tenant. A fixed number of tokens flow in per second up to the bucket's
 * capacity, and a request takes one. The state is the single time at which the bucket will be full
 * again (the generic cell rate algorithm, ITU-T I.371), so taking a token is one compare-and-set.
 * Where replicas share the buckets, the local ones are used only while the shared ones do not
 * answer.
 */
final class RateLimiter {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Number of tenants remembered. A tenant that was forgotten starts with a full bucket. */
  private static final long MAX_TENANTS = 100_000;

  /**
   * The decision on a request.
   *
   * @param remaining tokens left
   * @param reset time until the bucket is full
   * @param retryAfter time until a token is available; zero when one is
   */
  record Verdict(boolean isAllowed, int remaining, Duration reset, Duration retryAfter) {}

  private final SharedBuckets shared;
  private final long intervalNanos;
  private final int burst;
  private final Ticker ticker;
  private final Cache<String, AtomicLong> fullAt;

  /**
   * Creates a limiter.
   *
   * @param ratePerSecond tokens that flow in per second
   * @param burst capacity of a bucket in tokens
   */
  RateLimiter(int ratePerSecond, int burst, SharedBuckets shared, Ticker ticker) {
    this.shared = shared;
    this.intervalNanos = NANOS_PER_SECOND / ratePerSecond;
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

  private Verdict verdict(TakeResult result) {
    Duration interval = Duration.ofNanos(intervalNanos);
    Duration after = result.missing().plus(interval);
    Duration over = after.minus(interval.multipliedBy(burst));
    return result.isTaken()
        ? new Verdict(true, (int) (-over.toNanos() / intervalNanos), after, Duration.ZERO)
        : new Verdict(false, 0, result.missing(), over);
  }

  private TakeResult takeHere(String tenant) {
    long now = ticker.nanos();
    AtomicLong bucket = fullAt.get(tenant, name -> new AtomicLong(now));
    while (true) {
      long known = bucket.get();
      long emptyNanos = Math.max(0, known - now); // the missing tokens, as a time
      long afterNanos = emptyNanos + intervalNanos;
      long overNanos = afterNanos - burst * intervalNanos;
      boolean isTaken = overNanos <= 0;
      if (!isTaken || bucket.compareAndSet(known, now + afterNanos)) {
        return new TakeResult(isTaken, Duration.ofNanos(emptyNanos));
      }
    }
  }

  /** Returns the number of tenants remembered. */
  long tenants() {
    fullAt.cleanUp();
    return fullAt.estimatedSize();
  }
}

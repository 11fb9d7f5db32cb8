package dev.throng.http;

import dev.throng.config.AdmissionConfig;
import dev.throng.core.SharedBuckets;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.http.RateLimiter.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Enforces each tenant's request rate, and reports the rate in response headers. */
public final class RateGate {
  private static final String LIMIT = "RateLimit-Limit";
  private static final String REMAINING = "RateLimit-Remaining";
  private static final String RESET = "RateLimit-Reset";

  private final AdmissionConfig config;
  private final TenantResolver tenants;
  private final @Nullable RateLimiter limiter;

  /**
   * Creates a gate.
   *
   * @param buckets shared by all replicas; not used where no rate is configured
   */
  public RateGate(AdmissionConfig config, TenantResolver tenants, SharedBuckets buckets) {
    this.config = config;
    this.tenants = tenants;
    this.limiter =
        config.ratePerSecond() > 0
            ? new RateLimiter(config.ratePerSecond(), config.burst(), buckets, Ticker.system())
            : null;
  }

  /**
   * Counts a request before its body is read.
   *
   * @throws ThrongException RATE_LIMITED
   */
  void check(Exchange exchange) {
    if (limiter == null) {
      return;
    }
    Verdict verdict = limiter.take(tenants.resolve(exchange));
    exchange.setHeader(LIMIT, Integer.toString(config.burst()));
    exchange.setHeader(REMAINING, Integer.toString(verdict.remaining()));
    exchange.setHeader(RESET, Long.toString(seconds(verdict.reset())));
    if (!verdict.isAllowed()) {
      throw ThrongException.rateLimited(
          "this tenant sent more than %d requests a second (burst: %d)"
              .formatted(config.ratePerSecond(), config.burst()),
          verdict.retryAfter());
    }
  }

  private static long seconds(Duration duration) {
    return (duration.toMillis() + 999) / 1000;
  }
}

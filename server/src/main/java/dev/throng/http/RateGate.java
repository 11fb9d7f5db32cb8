package dev.throng.http;

import dev.throng.config.AdmissionConfig;
import dev.throng.core.SharedBuckets;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.http.RateLimiter.Verdict;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Enforces each tenant's request rate, and reports the rate in response headers. */
final class RateGate {
  private static final HeaderName LIMIT = HeaderNames.create("RateLimit-Limit");
  private static final HeaderName REMAINING = HeaderNames.create("RateLimit-Remaining");
  private static final HeaderName RESET = HeaderNames.create("RateLimit-Reset");

  private final AdmissionConfig config;
  private final TenantResolver tenants;
  private final @Nullable RateLimiter limiter;

  /**
   * Creates a gate.
   *
   * @param buckets shared by all replicas; not used where no rate is configured
   */
  RateGate(AdmissionConfig config, TenantResolver tenants, SharedBuckets buckets) {
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
    Verdict verdict = limiter.take(tenants.resolve(exchange.request()));
    ServerResponse response = exchange.response();
    response.header(LIMIT, Integer.toString(config.burst()));
    response.header(REMAINING, Integer.toString(verdict.remaining()));
    response.header(RESET, Long.toString(seconds(verdict.reset())));
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

package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.SharedBuckets;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ManualTicker;
import dev.throng.http.RateLimiter.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RateLimiterTest {
  private final ManualTicker ticker = new ManualTicker();

  @Test
  void burstIsAllowedAndThenTheRate() {
    RateLimiter limiter = new RateLimiter(10, 3, SharedBuckets.NONE, ticker);
    assertEquals(2, limiter.take("a").remaining());
    assertEquals(1, limiter.take("a").remaining());
    assertEquals(0, limiter.take("a").remaining());
    Verdict refused = limiter.take("a");
    assertFalse(refused.isAllowed());
    assertEquals(Duration.ofMillis(100), refused.retryAfter());
    assertEquals(Duration.ofMillis(300), refused.reset());
    ticker.advance(refused.retryAfter());
    assertTrue(limiter.take("a").isAllowed());
    assertFalse(limiter.take("a").isAllowed());
  }

  @Test
  void refusedRequestsCostNothing() {
    RateLimiter limiter = new RateLimiter(1, 1, SharedBuckets.NONE, ticker);
    assertTrue(limiter.take("a").isAllowed());
    for (int i = 0; i < 100; i++) {
      assertFalse(limiter.take("a").isAllowed());
    }
    ticker.advance(Duration.ofSeconds(1));
    assertTrue(limiter.take("a").isAllowed());
  }

  @Test
  void longTermRateHoldsForAnyArrivalPattern() {
    RateLimiter limiter = new RateLimiter(5, 2, SharedBuckets.NONE, ticker);
    int allowed = 0;
    for (int i = 0; i < 10_000; i++) {
      ticker.advance(Duration.ofMillis(10));
      allowed += limiter.take("a").isAllowed() ? 1 : 0;
    }
    assertEquals(500, allowed, 2);
  }

  @Test
  void tenantsHaveSeparateBucketsAndIdleOnesAreForgotten() {
    RateLimiter limiter = new RateLimiter(1, 1, SharedBuckets.NONE, ticker);
    for (int i = 0; i < 1_000; i++) {
      assertTrue(limiter.take("tenant" + i).isAllowed());
    }
    assertEquals(1_000, limiter.tenants());
    ticker.advance(Duration.ofSeconds(3));
    assertEquals(0, limiter.tenants());
  }

  @Test
  void concurrentThreadsShareOneBurst() {
    RateLimiter limiter = new RateLimiter(1, 50, SharedBuckets.NONE, ticker);
    AtomicInteger allowed = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> pending = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        pending.add(threads.submit(() -> allowed.addAndGet(limiter.take("a").isAllowed() ? 1 : 0)));
      }
      pending.forEach(Await::result);
    }
    assertEquals(50, allowed.get());
  }
}

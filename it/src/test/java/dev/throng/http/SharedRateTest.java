package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.http.RateLimiter.Verdict;
import dev.throng.it.Component;
import dev.throng.it.Replicas;
import dev.throng.it.Started;
import dev.throng.redis.Redis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two replicas that share a tenant's token bucket in Redis. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class SharedRateTest {

  @RegisterExtension private static final Started<Component> server = Started.by(Component::redis);

  private static final AtomicInteger tenants = new AtomicInteger();

  private final String tenant = "tenant" + tenants.incrementAndGet();
  private Redis here;
  private Redis there;

  @BeforeEach
  void connect() {
    here = Replicas.connect(server.get(), "rates", "r1");
    there = Replicas.connect(server.get(), "rates", "r2");
    awaitBoth();
  }

  private void awaitBoth() {
    Replicas.await(here, there);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  private static RateLimiter limiter(Redis redis, int rate, int burst) {
    return new RateLimiter(rate, burst, redis.buckets(), Ticker.system());
  }

  @Test
  void twoReplicasTogetherAllowOneBurst() {
    RateLimiter first = limiter(here, 1, 4);
    RateLimiter second = limiter(there, 1, 4);
    assertEquals(3, first.take(tenant).remaining());
    assertEquals(2, second.take(tenant).remaining());
    assertEquals(1, first.take(tenant).remaining());
    Verdict last = second.take(tenant);
    assertEquals(0, last.remaining());
    assertTrue(last.reset().toMillis() > 3_000 && last.reset().toMillis() <= 4_000, last::toString);
    Verdict refused = first.take(tenant);
    assertFalse(refused.isAllowed());
    assertTrue(
        refused.retryAfter().isPositive() && refused.retryAfter().toMillis() <= 1_000,
        refused::toString);
    assertTrue(second.take("another").isAllowed());
    Await.until("a token is available", () -> second.take(tenant).isAllowed());
  }

  @Test
  void crowdAtBothReplicasGetsNoMoreThanTheBurst() {
    RateLimiter first = limiter(here, 1, 50);
    RateLimiter second = limiter(there, 1, 50);
    AtomicInteger allowed = new AtomicInteger();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> pending = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        RateLimiter limiter = i % 2 == 0 ? first : second;
        pending.add(
            threads.submit(() -> allowed.addAndGet(limiter.take(tenant).isAllowed() ? 1 : 0)));
      }
      pending.forEach(Await::result);
    }
    long flowedIn = Duration.ofNanos(System.nanoTime() - start).toSeconds() + 1;
    assertTrue(allowed.get() >= 50 && allowed.get() <= 50 + flowedIn, allowed::toString);
  }

  @Test
  void fastRatesAreEnforcedAsExactlyAsSlowOnes() {
    RateLimiter limiter = limiter(here, 700, 1_000_000);
    for (int i = 1; i <= 100; i++) {
      limiter.take(tenant);
    }
    int remaining = limiter(there, 700, 1_000_000).take(tenant).remaining();
    assertTrue(remaining >= 999_899 && remaining < 1_000_000, () -> "" + remaining);
  }

  @Test
  void frozenRedisCostsOneBoundedWaitAndReplicasCountLocally() {
    RateLimiter first = limiter(here, 1, 2);
    RateLimiter second = limiter(there, 1, 2);
    server.get().freeze();
    try {
      long start = System.nanoTime();
      for (RateLimiter limiter : List.of(first, second)) {
        assertTrue(limiter.take(tenant).isAllowed());
        assertTrue(limiter.take(tenant).isAllowed());
        assertFalse(limiter.take(tenant).isAllowed());
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.toMillis() < 1_000, took::toString);
    } finally {
      server.get().thaw();
    }
    awaitBoth();
    assertSharedAgain(first, second);
  }

  @Test
  void killedRedisStopsNoRequestAndIsUsedAgain() {
    RateLimiter first = limiter(here, 1, 2);
    RateLimiter second = limiter(there, 1, 2);
    server.get().kill();
    try {
      for (RateLimiter limiter : List.of(first, second)) {
        assertTrue(limiter.take(tenant).isAllowed());
        assertTrue(limiter.take(tenant).isAllowed());
        for (int i = 0; i < 20; i++) {
          assertFalse(limiter.take(tenant).isAllowed());
        }
      }
      assertTrue(here.isDegraded() && there.isDegraded(), "no replica calls Redis any longer");
    } finally {
      server.get().start();
    }
    awaitBoth();
    assertSharedAgain(first, second);
  }

  private static void assertSharedAgain(RateLimiter first, RateLimiter second) {
    String fresh = "fresh" + tenants.incrementAndGet();
    assertTrue(first.take(fresh).isAllowed());
    assertTrue(second.take(fresh).isAllowed());
    assertFalse(first.take(fresh).isAllowed());
  }
}

package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.cache.AnswerCache;
import dev.throng.cache.SharedTier;
import dev.throng.config.CacheConfig;
import dev.throng.config.ConfigLoader;
import dev.throng.config.RedisConfig;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.MadeFrom;
import dev.throng.core.QuestionKey;
import dev.throng.core.Ticker;
import dev.throng.core.TokenCount;
import dev.throng.core.ValidatedAnswer;
import dev.throng.fixtures.Await;
import dev.throng.it.Component;
import dev.throng.it.Replicas;
import dev.throng.it.Started;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two replicas and one Redis, which freezes, dies, and contains foreign values. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class RedisTierTest {
  private static final long EPOCH = 7;
  private static final MadeFrom FROM =
      new MadeFrom(new CollectionRef("default", "default"), EPOCH, Set.of(1L));

  @RegisterExtension private static final Started<Component> redis = Started.by(Component::redis);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Redis here;
  private Redis there;
  private SharedTier tier;
  private SharedTier otherTier;
  private AnswerCache cache;
  private AnswerCache otherCache;

  @BeforeEach
  void open() {
    here = Replicas.connect(redis.get(), "test", "r1", meters);
    there = Replicas.connect(redis.get(), "test", "r1", meters);
    tier = here.tier();
    otherTier = there.tier();
    cache = new AnswerCache(new CacheConfig(1 << 20, Duration.ofHours(1)), Ticker.system(), tier);
    otherCache =
        new AnswerCache(new CacheConfig(1 << 20, Duration.ofHours(1)), Ticker.system(), otherTier);
    Replicas.await(here, there);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  private static Hash hash(String text) {
    return Hash.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static QuestionKey key(String question) {
    return new QuestionKey(hash(question));
  }

  private static Fingerprint fingerprint(String prompt) {
    return new Fingerprint(hash(prompt));
  }

  private static Answer answer(String text) {
    return new Answer(
        "a", text, "ollama", "m", FinishReason.STOP, Map.of(), 0, TokenCount.ofText(9), List.of());
  }

  private static ValidatedAnswer validated(String text) {
    return new ValidatedAnswer(answer(text), List.of(), EPOCH);
  }

  private double count(String metric, String result) {
    return meters.find(metric).tag("result", result).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private void awaitWrites(double count) {
    Await.until(count + " writes", () -> count("throng.cache.writes", "ok") >= count);
  }

  @Test
  void answerOfOneReplicaIsServedByAnother() {
    cache.keep(fingerprint("p1"), answer("Two days."), FROM);
    cache.validate(key("q1"), validated("Two days."));
    awaitWrites(2);
    assertEquals(
        Optional.of("Two days."),
        Optional.ofNullable(otherCache.current(key("q1"), EPOCH)).map(v -> v.answer().text()));
    assertEquals(
        Optional.of(answer("Two days.")), otherCache.generatedFrom(fingerprint("p1"), FROM));
    assertNull(otherCache.current(key("q1"), EPOCH + 1), "not at another epoch");
    assertNull(otherCache.current(key("never asked"), EPOCH));
  }

  @Test
  void firstAnswerToAPromptIsKept() {
    cache.keep(fingerprint("p2"), answer("first"), FROM);
    awaitWrites(1);
    otherCache.keep(fingerprint("p2"), answer("second"), FROM);
    awaitWrites(2);
    assertEquals(Optional.of(answer("first")), tier.generatedFrom(fingerprint("p2")));
  }

  @Test
  void entriesExpireAtDifferentTimes() {
    for (int i = 0; i < 20; i++) {
      tier.keep(fingerprint("ttl" + i), answer("x"), FROM);
    }
    awaitWrites(20);
    try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.get().port());
        StatefulRedisConnection<String, String> connection = client.connect()) {
      List<Long> ends =
          java.util.stream.IntStream.range(0, 20)
              .mapToObj(i -> connection.sync().ttl("test:a:" + hash("ttl" + i).hex()))
              .distinct()
              .toList();
      assertTrue(ends.size() > 5, ends::toString);
      assertTrue(ends.stream().allMatch(s -> s > 77_000 && s < 96_000), ends::toString);
    }
  }

  @Test
  void damagedOrForeignValuesAreMissesAndCounted() {
    try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.get().port());
        StatefulRedisConnection<String, byte[]> connection =
            client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
      connection.sync().set("test:q:" + hash("bad").hex(), new byte[] {1, 2, 3});
      connection
          .sync()
          .set("test:a:" + hash("bad").hex(), "{\"text\":1}".getBytes(StandardCharsets.UTF_8));
    }
    assertNull(cache.current(key("bad"), EPOCH));
    assertEquals(Optional.empty(), cache.generatedFrom(fingerprint("bad"), FROM));
    assertEquals(2, count("throng.cache.lookups", "unreadable"));
  }

  @Test
  void frozenRedisCostsOneBoundedWaitAndRecovers() {
    cache.validate(key("q3"), validated("still here"));
    awaitWrites(1);
    redis.get().freeze();
    try {
      long start = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertNull(otherCache.current(key("q3"), EPOCH));
        otherCache.validate(key("lost" + i), validated("x"));
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.toMillis() < 2_000, took::toString);
      assertTrue(there.isDegraded());
    } finally {
      redis.get().thaw();
    }
    Await.until("it recovers", () -> !there.isDegraded());
    Await.until("it serves", () -> otherCache.current(key("q3"), EPOCH) != null);
  }

  @Test
  void killedRedisIsDetectedAndUsedAgainOnceItReturns() {
    redis.get().kill();
    for (int i = 0; i < 20; i++) {
      assertNull(cache.current(key("q4"), EPOCH));
    }
    Await.until("the loss is noticed", here::isDegraded);
    redis.get().start();
    Await.until("it recovers", () -> !here.isDegraded() && !there.isDegraded());
    cache.validate(key("q4"), validated("back"));
    Await.until("it serves", () -> otherCache.current(key("q4"), EPOCH) != null);
  }

  @Test
  void onlyAclUsersAreAdmitted() {
    try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.get().port());
        StatefulRedisConnection<String, String> connection = client.connect()) {
      connection
          .sync()
          .aclSetuser(
              "app",
              io.lettuce.core.AclSetuserArgs.Builder.on()
                  .addPassword("s3cret")
                  .keyPattern("test:*")
                  .allCommands());
      try (Redis good = redisOf("app", "s3cret");
          Redis bad = redisOf("app", "wrong")) {
        Await.until("the right password is accepted", () -> !good.isDegraded());
        good.tier().keep(fingerprint("acl"), answer("x"), FROM);
        Await.until("it is kept", () -> good.tier().generatedFrom(fingerprint("acl")).isPresent());
        assertTrue(bad.isDegraded());
      }
    }
  }

  private Redis redisOf(String user, String password) {
    RedisConfig config =
        ConfigLoader.load(
                null,
                Map.of("THRONG_REDIS_URLS", "redis://127.0.0.1:" + redis.get().port()),
                Map.of("redis.prefix", "test", "redis.user", user, "redis.password", password))
            .redis();
    return new Redis(config, "r1", meters, () -> 1L);
  }

  @Test
  void missingRedisDoesNotPreventAStart() {
    RedisConfig nowhere =
        ConfigLoader.load(null, Map.of("THRONG_REDIS_URLS", "redis://127.0.0.1:1"), Map.of())
            .redis();
    try (Redis gone = new Redis(nowhere, "r1", meters, () -> 1L)) {
      assertEquals(Optional.empty(), gone.tier().latest(key("q")));
      assertTrue(gone.isDegraded());
      gone.tier().keep(fingerprint("p"), answer("x"), FROM);
    }
    assertFalse(here.isDegraded());
  }
}

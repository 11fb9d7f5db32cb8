package dev.throng.it;

import dev.throng.config.ConfigLoader;
import dev.throng.fixtures.Await;
import dev.throng.redis.Redis;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** What replicas share, and how they connect to it. */
public final class Replicas {
  private Replicas() {}

  /** Settings of servers that share a catalogue and a store. */
  static Map<String, String> sharing(Component postgres, Component chroma) {
    Map<String, String> settings = new HashMap<>();
    settings.put("THRONG_STORE_KIND", "chroma");
    settings.put("THRONG_CHROMA_URL", "http://127.0.0.1:" + chroma.port());
    settings.put("THRONG_RETRIEVAL_MODE", "dense");
    settings.put(
        "THRONG_CATALOG_URL", "jdbc:postgresql://127.0.0.1:%d/throng".formatted(postgres.port()));
    settings.put("THRONG_CATALOG_USER", "throng");
    return settings;
  }

  /**
   * Connects one of several replicas.
   *
   * @param prefix of the keys that they share
   * @param replica its name, which is unique
   */
  public static Redis connect(Component redis, String prefix, String replica) {
    return connect(redis, prefix, replica, new SimpleMeterRegistry());
  }

  /**
   * As above, for tests of what Redis answers, not of how soon: a busy machine must not make it
   * look unavailable.
   */
  public static Redis connectPatiently(Component redis, String prefix, String replica) {
    return connect(redis, prefix, replica, "5s", new SimpleMeterRegistry());
  }

  /** As above, counting into {@code meters}. */
  public static Redis connect(
      Component redis, String prefix, String replica, MeterRegistry meters) {
    return connect(redis, prefix, replica, "50ms", meters);
  }

  private static Redis connect(
      Component redis, String prefix, String replica, String timeout, MeterRegistry meters) {
    String url = "redis://127.0.0.1:" + redis.port();
    Map<String, String> settings = Map.of("redis.prefix", prefix, "redis.timeout", timeout);
    return new Redis(
        ConfigLoader.load(null, Map.of("THRONG_REDIS_URLS", url), settings).redis(),
        replica,
        meters,
        () -> ThreadLocalRandom.current().nextLong());
  }

  /** Waits until all of them use their Redis. */
  public static void await(Redis... replicas) {
    Await.until("all are connected", () -> Arrays.stream(replicas).noneMatch(Redis::isDegraded));
  }
}

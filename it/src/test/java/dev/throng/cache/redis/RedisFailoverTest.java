package dev.throng.cache.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.rig.ServerProcess;
import dev.throng.config.ConfigLoader;
import dev.throng.config.RedisConfig;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.fixtures.Await;
import dev.throng.observe.TierMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Redis with a standby: its master is killed, and the tier finds the new one by itself. */
@Timeout(90)
final class RedisFailoverTest {
  private static final Duration LONGEST_LOOK = Duration.ofMillis(500);

  @TempDir private Path folder = Path.of("");

  private static RedisTier tier(List<Integer> ports, String setting, String value) {
    String urls =
        ports.stream().map(port -> "redis://127.0.0.1:" + port).collect(Collectors.joining(","));
    RedisConfig config =
        ConfigLoader.load(null, Map.of("THRONG_REDIS_URLS", urls), Map.of(setting, value)).redis();
    return new RedisTier(config, new TierMetrics(new SimpleMeterRegistry(), "redis"), () -> 1L);
  }

  private static Fingerprint fingerprint(String prompt) {
    return new Fingerprint(Hash.of(prompt.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether an answer can be kept and read; asking must be quick whatever is going on. */
  private static boolean works(RedisTier tier, String prompt) {
    Answer answer = new Answer("a", prompt, "g", "m", FinishReason.STOP, Set.of(), 0, 1, List.of());
    tier.keep(fingerprint(prompt), answer);
    try {
      TimeUnit.MILLISECONDS.sleep(20); // it is written in the background
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long start = System.nanoTime();
    boolean isThere = tier.generatedFrom(fingerprint(prompt)).isPresent();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(LONGEST_LOOK) < 0, took::toString);
    return isThere;
  }

  @Test
  void sentinelsNameTheNewMaster() throws Exception {
    try (RedisProcesses redis = new RedisProcesses(folder)) {
      int master = ServerProcess.freePort();
      List<Integer> sentinels = redis.sentinels(master);
      try (RedisTier tier = tier(sentinels, "redis.sentinel_master", "main")) {
        Await.until("it works", () -> works(tier, "before"));
        redis.kill(master);
        Await.until("the master is missed", () -> !works(tier, "while"));
        Await.until("the new master is used", () -> works(tier, "after"));
      }
    }
  }

  @Test
  void clusterGoesOnWithoutOneOfItsMasters() throws Exception {
    try (RedisProcesses redis = new RedisProcesses(folder)) {
      List<Integer> ports = redis.cluster();
      Await.until(
          "the cluster is whole", () -> ask(redis, ports.get(0)).contains("cluster_state:ok"));
      try (RedisTier tier = tier(ports, "redis.cluster", "true")) {
        Await.until("it works", () -> worksForMany(tier, "before"));
        redis.kill(ports.get(0));
        Await.until("it works for all keys again", () -> worksForMany(tier, "after"));
      }
    }
  }

  private static String ask(RedisProcesses redis, int port) {
    try {
      return redis.ask(port, "cluster", "info");
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Keys of all three masters. */
  private static boolean worksForMany(RedisTier tier, String prompt) {
    for (int i = 0; i < 12; i++) {
      if (!works(tier, prompt + i)) {
        return false;
      }
    }
    return true;
  }
}

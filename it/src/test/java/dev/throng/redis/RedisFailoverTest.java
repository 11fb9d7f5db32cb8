package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.pool.SlotShares;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.config.ConfigLoader;
import dev.throng.config.RedisConfig;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.MadeFrom;
import dev.throng.core.Ticker;
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Await;
import dev.throng.flight.FlightEnd;
import dev.throng.flight.FlightHead;
import dev.throng.flight.SharedFlight;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Redis with a standby: its master is killed, and the tier finds the new one automatically. */
@Timeout(180)
final class RedisFailoverTest {
  private static final Duration LONGEST_LOOK = Duration.ofMillis(500);

  @TempDir private Path folder = Path.of("");

  private static Redis redis(List<Integer> ports, String setting, String value) {
    String urls =
        ports.stream().map(port -> "redis://127.0.0.1:" + port).collect(Collectors.joining(","));
    RedisConfig config =
        ConfigLoader.load(null, Map.of("THRONG_REDIS_URLS", urls), Map.of(setting, value)).redis();
    return new Redis(config, "r1", new SimpleMeterRegistry(), () -> 1L);
  }

  private static Fingerprint fingerprint(String prompt) {
    return new Fingerprint(Hash.of(prompt.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether an answer can be stored and read; the calls must be quick in any case. */
  private static boolean works(Redis redis, String prompt) {
    Answer answer =
        new Answer(
            "a", prompt, "g", "m", FinishReason.STOP, Map.of(), 0, TokenCount.ofText(1), List.of());
    redis
        .tier()
        .keep(
            fingerprint(prompt),
            answer,
            new MadeFrom(new CollectionRef("default", "default"), 1, Set.of(1L)));
    try {
      TimeUnit.MILLISECONDS.sleep(20); // the write runs in the background
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long start = System.nanoTime();
    boolean isThere = redis.tier().generatedFrom(fingerprint(prompt)).isPresent();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(LONGEST_LOOK) < 0, took::toString);
    return isThere;
  }

  @Test
  void newMasterIsFoundThroughTheSentinels() throws Exception {
    try (RedisProcesses processes = new RedisProcesses(folder)) {
      int master = ServerProcess.freePort();
      List<Integer> sentinels = processes.sentinels(master);
      try (Redis redis = redis(sentinels, "redis.sentinel_master", "main")) {
        Await.until("it works", () -> works(redis, "before"));
        processes.kill(master);
        Await.until("the master's absence is noticed", () -> !works(redis, "while"));
        Await.until("the new master is used", () -> works(redis, "after"));
      }
    }
  }

  /** As when a lagging sentinel has named the former master. */
  @Test
  void connectionToAFormerMasterIsReplaced() throws Exception {
    try (RedisProcesses processes = new RedisProcesses(folder)) {
      int former = ServerProcess.freePort();
      int sentinel = processes.sentinels(former).getFirst();
      try (Redis redis = redis(List.of(sentinel), "redis.sentinel_master", "main")) {
        Await.until("it works", () -> works(redis, "before"));
        int master = processes.master();
        processes.ask(sentinel, "sentinel", "remove", "main");
        processes.ask(sentinel, "sentinel", "monitor", "main", "127.0.0.1", "" + master, "1");
        processes.ask(former, "replicaof", "127.0.0.1", Integer.toString(master));
        Await.until("writes are refused", () -> !works(redis, "while"));
        Await.until("the new master is used", () -> works(redis, "after"));
      }
    }
  }

  @Test
  void clusterContinuesWithoutOneOfItsMasters() throws Exception {
    try (RedisProcesses processes = new RedisProcesses(folder)) {
      List<Integer> ports = processes.cluster();
      Await.until(
          "the cluster is ready", () -> ask(processes, ports.get(0)).contains("cluster_state:ok"));
      try (Redis redis = redis(ports, "redis.cluster", "true")) {
        Await.until("it works", () -> worksForMany(redis, "before"));
        flightsAndSharesWork(redis);
        purgeReachesAllNodes(redis, "before");
        processes.kill(ports.get(0));
        Await.until("it works for all keys again", () -> worksForMany(redis, "after"));
        flightsAndSharesWork(redis);
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

  /** Uses keys of all three masters. */
  private static boolean worksForMany(Redis redis, String prompt) {
    for (int i = 0; i < 12; i++) {
      if (!works(redis, prompt + i)) {
        return false;
      }
    }
    return true;
  }

  private static void purgeReachesAllNodes(Redis redis, String prompt) {
    Set<Fingerprint> looked = new HashSet<>();
    CollectionRef ref = new CollectionRef("default", "default");
    assertEquals(0, reaching(() -> redis.purge().purge(Map.of(ref, version -> true))));
    assertTrue(reaching(() -> redis.purge().forEachText(bytes -> {})) > 12);
    var _ = reaching(() -> redis.purge().purge(Map.of(ref, version -> false)));
    for (int i = 0; i < 12; i++) {
      looked.add(fingerprint(prompt + i));
    }
    looked.forEach(each -> assertTrue(redis.tier().generatedFrom(each).isEmpty()));
  }

  /** Repeats a step of a purge until all nodes respond in time, and returns its count. */
  private static long reaching(Supplier<OptionalLong> step) {
    AtomicLong count = new AtomicLong();
    Await.until(
        "all nodes respond",
        () -> {
          OptionalLong reached = step.get();
          reached.ifPresent(count::set);
          return reached.isPresent();
        });
    return count.get();
  }

  /** Their scripts use several keys, which must be on one node. */
  private static void flightsAndSharesWork(Redis redis) {
    FlightHead head =
        new FlightHead(
            "a1",
            new CollectionRef("default", "default"),
            1,
            "s",
            "u",
            "q",
            "en",
            AnswerLimits.tokens(9),
            List.of());
    for (int i = 0; i < 6; i++) {
      Await.until("a flight is shared", () -> isFlightShared(redis, head));
      Optional<SlotShares.Share> share =
          redis.slots().claim("http://b" + i + ":1", new SlotShares.Claim(0, 1, 4));
      assertEquals(Optional.of(new SlotShares.Share(4, 4, 4)), share);
    }
  }

  private static boolean isFlightShared(Redis redis, FlightHead head) {
    FlightEnd end = new FlightEnd(FinishReason.STOP, TokenCount.ofText(1), List.of());
    Fingerprint prompt = fingerprint("flight" + System.nanoTime());
    StringBuilder followed = new StringBuilder();
    try (SharedFlight leader = redis.flights().join(prompt);
        SharedFlight follower = redis.flights().join(prompt)) {
      leader.lead(head, listener(new StringBuilder()));
      if (follower.lead(head, listener(followed))) {
        return false; // one works locally, because a node was just lost
      }
      leader.append("text", listener(new StringBuilder()));
      leader.finish(end);
      Deadline deadline = Deadline.after(Ticker.system(), Duration.ofSeconds(5));
      return follower.follow(listener(followed), deadline).equals(Optional.of(end))
          && followed.toString().equals("text");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static SharedFlight.Listener listener(StringBuilder text) {
    return new SharedFlight.Listener() {
      @Override
      public void named(String answerId) {
        assertEquals("a1", answerId);
      }

      @Override
      public void append(String piece) {
        text.append(piece);
      }
    };
  }
}

package dev.throng.bench;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.cache.AnswerCache;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Hash;
import dev.throng.core.Passage;
import dev.throng.core.QuestionKey;
import dev.throng.core.Source;
import dev.throng.core.TextRange;
import dev.throng.core.Ticker;
import dev.throng.core.TokenCount;
import dev.throng.core.ValidatedAnswer;
import dev.throng.redis.Redis;
import dev.throng.redis.wire.AnswerCodec;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Looks up an answer that another replica has left in Redis, compared with a bare GET of the same
 * bytes through the same client library; alternating, one at a time.
 */
@Command(
    name = "shared-hit",
    description = "An answer found in Redis, compared with a bare GET of the same bytes.")
final class SharedHitBench implements Callable<Integer> {
  private static final Duration REDIS_WAIT = Duration.ofSeconds(10);
  private static final double BAR = 1.5;
  private static final long EPOCH = 7;
  private static final int SOURCES = 6;
  private static final int PASSAGE_CHARS = 1_200;
  private static final int ANSWER_CHARS = 600;
  private static final int ENTRIES = 2_000;
  private static final int WARM_UP_ROUNDS = 10;

  @Option(names = "--rounds", description = "Rounds (default: ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    Path folder = Home.temporary("redis");
    try (ServerProcess server = ServerProcess.redis(folder)) {
      String url = "redis://127.0.0.1:" + server.port();
      ThrongConfig config = ConfigLoader.load(null, Map.of("THRONG_REDIS_URLS", url), Map.of());
      RedisClient client = RedisClient.create(url);
      try (Redis redis = new Redis(config.redis(), "bench", new SimpleMeterRegistry(), () -> 1L);
          StatefulRedisConnection<String, byte[]> bare =
              client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
        if (!redis.awaitUse(REDIS_WAIT)) {
          throw new IOException("redis does not respond at " + url);
        }
        fill(bare);
        return compare(config, redis, bare);
      } finally {
        client.shutdown();
      }
    }
  }

  private int compare(
      ThrongConfig config, Redis redis, StatefulRedisConnection<String, byte[]> bare)
      throws InterruptedException, ExecutionException {
    List<Double> ratios = new ArrayList<>();
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      AnswerCache cache = new AnswerCache(config.cache(), Ticker.system(), redis.tier());
      double[] hits = new double[ENTRIES];
      double[] gets = new double[ENTRIES];
      for (int i = 0; i < ENTRIES; i++) {
        long start = System.nanoTime();
        bare.async().get(redisKey(i)).get();
        gets[i] = (System.nanoTime() - start) / 1e3;
        start = System.nanoTime();
        if (cache.current(key(i), EPOCH) == null) {
          throw new IllegalStateException("not found");
        }
        hits[i] = (System.nanoTime() - start) / 1e3;
      }
      if (round >= 0) {
        ratios.add(p50(hits) / p50(gets));
        System.out.printf("  bare GET p50 %.0f us   hit p50 %.0f us%n", p50(gets), p50(hits));
      }
    }
    System.out.printf("hit / bare GET, p50: %s  bar <= %.1f%n", Medians.spread(ratios), BAR);
    return Medians.of(ratios) <= BAR ? 0 : 1;
  }

  private static double p50(double[] times) {
    return Arrays.stream(times).sorted().skip(times.length / 2).findFirst().orElseThrow();
  }

  private static void fill(StatefulRedisConnection<String, byte[]> bare) throws IOException {
    String text = handbook();
    int bytes = 0;
    for (int i = 0; i < ENTRIES; i++) {
      byte[] encoded = AnswerCodec.encode(answer(text, i));
      bytes = encoded.length;
      bare.sync().set(redisKey(i), encoded);
    }
    System.out.printf(
        "%d entries with %d sources and about %,d stored bytes%n", ENTRIES, SOURCES, bytes);
  }

  /** Real words, because their compression is part of the figure. */
  private static String handbook() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(Home.examples().resolve("handbook"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  private static ValidatedAnswer answer(String text, int number) {
    List<Source> sources = new ArrayList<>();
    for (int n = 1; n <= SOURCES; n++) {
      Passage passage =
          new Passage(
              "d%023d".formatted(n),
              n,
              "policies/%d.md".formatted(n),
              "Policy " + n,
              "Policies > " + n,
              0,
              0,
              PASSAGE_CHARS,
              cut(text, number * 31 + n * 977, PASSAGE_CHARS),
              0.5);
      List<TextRange> cited = n == 1 ? List.of(new TextRange(0, 20)) : List.of();
      sources.add(new Source(n, passage, cited));
    }
    Answer answer =
        new Answer(
            "a" + number,
            cut(text, number * 17, ANSWER_CHARS),
            "ollama",
            "llama3.2:1b",
            FinishReason.STOP,
            Map.of(1, List.of(new TextRange(0, 20))),
            0,
            TokenCount.ofText(150),
            List.of());
    return new ValidatedAnswer(answer, sources, EPOCH);
  }

  private static String cut(String text, int from, int length) {
    int start = from % (text.length() - length);
    return text.substring(start, start + length);
  }

  private static QuestionKey key(int number) {
    return new QuestionKey(Hash.of(Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
  }

  private static String redisKey(int number) {
    return "throng:q:" + key(number).hash().hex();
  }
}

package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.AnswerOrigin;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.MadeFrom;
import dev.throng.core.Passage;
import dev.throng.core.QuestionKey;
import dev.throng.core.Source;
import dev.throng.core.TokenCount;
import dev.throng.core.ValidatedAnswer;
import dev.throng.fixtures.Await;
import dev.throng.flight.FlightHead;
import dev.throng.flight.SharedFlight;
import dev.throng.flight.StreamRecord;
import dev.throng.it.Component;
import dev.throng.it.Replicas;
import dev.throng.it.Started;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What replicas share in a real Redis, and what a purge removes from it. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class RedisPurgeTest {
  private static final CollectionRef REF = new CollectionRef("default", "handbook");
  private static final CollectionRef OTHER = new CollectionRef("other", "handbook");
  private static final String SECRET = "Wqkzvxjmprtlbgndfhscyueo";
  private static final long DEAD = 1;
  private static final long LIVE = 2;

  @RegisterExtension private static final Started<Component> server = Started.by(Component::redis);

  private Redis redis;
  private RedisClient client;
  private StatefulRedisConnection<String, String> direct;

  @BeforeEach
  void open() {
    redis = Replicas.connect(server.get(), "pu[r]ge", "r1");
    Replicas.await(redis);
    client = RedisClient.create("redis://127.0.0.1:" + server.get().port());
    direct = client.connect();
    direct.sync().flushall();
  }

  @AfterEach
  void close() {
    redis.close();
    direct.close();
    client.close();
  }

  private static Hash hash(String text) {
    return Hash.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Fingerprint prompt(String text) {
    return new Fingerprint(hash(text));
  }

  private static List<Source> sources(long version, String text) {
    Passage passage = new Passage("d" + version, version, "uri", "title", "", 0, 0, 1, text, 1);
    return List.of(new Source(1, passage, List.of()));
  }

  private void keep(CollectionRef ref, String name, long version, String text) {
    Answer answer =
        new Answer(
            "a", text, "g", "m", FinishReason.STOP, Map.of(), 0, TokenCount.ofText(1), List.of());
    MadeFrom from = new MadeFrom(ref, 7, Set.of(version));
    redis.tier().keep(prompt(name), answer, from);
    AnswerOrigin origin = new AnswerOrigin(ref, hash(name), prompt(name), Instant.EPOCH);
    redis
        .tier()
        .validate(
            new QuestionKey(hash(name)),
            new ValidatedAnswer(answer, sources(version, text), 7, origin));
  }

  private void generate(CollectionRef ref, String name, long version, String text) {
    FlightHead head =
        new FlightHead(
            "a",
            ref,
            7,
            "system",
            text,
            "question",
            "en",
            AnswerLimits.tokens(9),
            sources(version, text));
    SharedFlight.Listener silent =
        new SharedFlight.Listener() {
          @Override
          public void named(String answerId) {}

          @Override
          public void append(String piece) {}
        };
    try (SharedFlight flight = redis.flights().join(prompt(name))) {
      assertTrue(flight.lead(head, silent));
      flight.append(text, silent);
    }
  }

  /** A text so long that it is stored compressed. */
  private static String secret() {
    return SECRET + " and much more".repeat(3_000);
  }

  private void fill() {
    keep(REF, "dead", DEAD, secret());
    keep(REF, "live", LIVE, "harmless");
    keep(OTHER, "elsewhere", DEAD, "of another collection");
    generate(REF, "dead", DEAD, secret());
    generate(REF, "cancelled", DEAD, secret());
    generate(REF, "live", LIVE, "harmless");
    redis.records().keep("r1", new StreamRecord("default", SECRET, null, 0));
    redis.records().keep("r2", new StreamRecord("other", "harmless", null, 0));
    redis.purge().awaitWrites();
    Await.until(
        "everything is stored", () -> keys(":q:*") == 3 && keys(":a:*") == 3 && keys(":r:*") == 2);
  }

  private int keys(String behind) {
    return direct.sync().keys("pu\\[r\\]ge" + behind).size();
  }

  private boolean holdsTheSecret() {
    boolean[] found = {false};
    OptionalLong looked =
        redis
            .purge()
            .forEachText(bytes -> {
              if (new String(bytes, StandardCharsets.UTF_8).contains(SECRET)) {
                found[0] = true;
              }
            });
    assertTrue(looked.orElseThrow() > 0);
    return found[0];
  }

  private void purge() {
    assertTrue(redis.purge().purge(Map.of(REF, version -> version != DEAD)).isPresent());
  }

  private void assertOnlyTheDeadAreGone() {
    assertFalse(holdsTheSecret());
    assertTrue(redis.tier().generatedFrom(prompt("dead")).isEmpty());
    assertTrue(redis.tier().latest(new QuestionKey(hash("dead"))).isEmpty());
    assertTrue(redis.tier().generatedFrom(prompt("live")).isPresent());
    assertTrue(redis.tier().latest(new QuestionKey(hash("live"))).isPresent());
    assertTrue(redis.tier().generatedFrom(prompt("elsewhere")).isPresent());
    assertTrue(redis.flights().head(prompt("live")).isPresent());
    assertTrue(redis.records().find("r1").isEmpty());
    assertTrue(redis.records().find("r2").isPresent());
  }

  @Test
  void onlyEntriesListedByTheIndexAreRemoved() {
    fill();
    assertTrue(holdsTheSecret());
    purge();
    assertOnlyTheDeadAreGone();
    assertEquals(2, keys(":i:*:*"), "of the live version, and of the other collection");
    purge();
    assertOnlyTheDeadAreGone();
  }

  /** Redis may evict any key when its memory is full. */
  @Test
  void entriesMissingFromTheIndexAreRemovedToo() {
    fill();
    direct.sync().keys("pu\\[r\\]ge:i:*").forEach(key -> direct.sync().del(key));
    assertTrue(holdsTheSecret());
    purge();
    assertOnlyTheDeadAreGone();
  }

  @Test
  void indexExpiresWithItsEntries() {
    fill();
    for (String key : direct.sync().keys("pu\\[r\\]ge:i:*")) {
      assertTrue(direct.sync().pttl(key) > 0, key);
    }
  }

  @Test
  void unreachableRedisIsNotReportedAsClean() {
    fill();
    server.get().freeze();
    try {
      assertTrue(redis.purge().purge(Map.of(REF, version -> version != DEAD)).isEmpty());
      assertTrue(redis.purge().forEachText(bytes -> {}).isEmpty());
    } finally {
      server.get().thaw();
    }
  }
}

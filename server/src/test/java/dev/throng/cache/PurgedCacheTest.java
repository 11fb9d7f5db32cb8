package dev.throng.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.config.CacheConfig;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerOrigin;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.MadeFrom;
import dev.throng.core.Passage;
import dev.throng.core.QuestionKey;
import dev.throng.core.Source;
import dev.throng.core.Ticker;
import dev.throng.core.TokenCount;
import dev.throng.core.ValidatedAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The index from versions of documents to answers. */
final class PurgedCacheTest {
  private static final CollectionRef REF = new CollectionRef("default", "handbook");
  private static final CollectionRef OTHER = new CollectionRef("default", "other");
  private static final long EPOCH = 5;

  private final AnswerCache cache = cache(1 << 20);

  private static AnswerCache cache(long maxBytes) {
    return new AnswerCache(new CacheConfig(maxBytes, Duration.ofHours(1)), Ticker.system());
  }

  private static Hash hash(String text) {
    return Hash.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Fingerprint prompt(String text) {
    return new Fingerprint(hash(text));
  }

  private static QuestionKey key(String text) {
    return new QuestionKey(hash(text));
  }

  private static MadeFrom from(Long... versions) {
    return new MadeFrom(REF, EPOCH, Set.of(versions));
  }

  private static Answer answer(String text) {
    return new Answer(
        "a", text, "g", "m", FinishReason.STOP, Map.of(), 0, TokenCount.ofText(1), List.of());
  }

  private static ValidatedAnswer entry(CollectionRef ref, String text, long... versions) {
    List<Source> sources =
        LongStream.of(versions)
            .mapToObj(version ->
                new Source(
                    1,
                    new Passage("d" + version, version, "uri", "title", "", 0, 0, 1, "text", 1),
                    List.of()))
            .toList();
    AnswerOrigin origin = new AnswerOrigin(ref, hash("question"), prompt(text), Instant.EPOCH);
    return new ValidatedAnswer(answer(text), sources, EPOCH, origin);
  }

  @Test
  void onlyEntriesFromDeadVersionsAreDropped() {
    cache.keep(prompt("p1"), answer("of 1 and 2"), from(1L, 2L));
    cache.keep(prompt("p2"), answer("of 2"), from(2L));
    cache.validate(key("q1"), entry(REF, "of 1", 1, 2));
    cache.validate(key("q2"), entry(REF, "of 2", 2));
    cache.validate(key("q3"), entry(OTHER, "of 1 elsewhere", 1));
    assertEquals(2, cache.purge(REF, EPOCH + 1, version -> version != 1));
    assertTrue(cache.generatedFrom(prompt("p1"), from(2L)).isEmpty());
    assertTrue(cache.generatedFrom(prompt("p2"), from(2L)).isPresent());
    assertNull(cache.current(key("q1"), EPOCH));
    assertNotNull(cache.current(key("q2"), EPOCH));
    assertNotNull(cache.current(key("q3"), EPOCH), "another collection");
  }

  @Test
  void answerFinishedAfterThePurgeIsNotKept() {
    cache.purge(REF, EPOCH + 1, version -> version != 1);
    assertTrue(cache.isPurged(from(1L)));
    cache.keep(prompt("p1"), answer("late"), from(1L));
    cache.validate(key("q1"), entry(REF, "late", 1));
    assertTrue(cache.generatedFrom(prompt("p1"), from(2L)).isEmpty());
    assertNull(cache.latest(key("q1")));
    cache.keep(prompt("p2"), answer("other"), from(2L));
    assertTrue(cache.generatedFrom(prompt("p2"), from(2L)).isPresent());
    MadeFrom later = new MadeFrom(REF, EPOCH + 2, Set.of(3L));
    assertFalse(cache.isPurged(later), "read after the purge, so the version was live");
  }

  /** A document was edited elsewhere: its passage, and thus the prompt, is the same as before. */
  @Test
  void answerThatTheCurrentDocumentsProduceIsKept() {
    cache.keep(prompt("p1"), answer("same words"), from(1L));
    assertTrue(cache.generatedFrom(prompt("p1"), from(7L)).isPresent());
    cache.purge(REF, EPOCH + 1, version -> version != 1);
    assertTrue(cache.generatedFrom(prompt("p1"), from(7L)).isPresent());
    cache.purge(REF, EPOCH + 2, version -> version != 7);
    assertTrue(cache.generatedFrom(prompt("p1"), from(8L)).isEmpty());
  }

  @Test
  void indexIsNoLargerThanTheCache() {
    AnswerCache small = cache(64 << 10);
    for (int i = 0; i < 2_000; i++) {
      small.keep(prompt("p" + i), answer("x".repeat(100)), from((long) i));
      small.validate(key("q" + i), entry(REF, "text", 10_000 + i));
      small.validate(key("q" + i), entry(REF, "text", 20_000 + i));
    }
    long held = small.forEachText(text -> {});
    assertTrue(held < 1_000, "most were evicted: " + held);
    assertEquals(held, small.indexedVersions());
    small.clear();
    assertEquals(0, small.indexedVersions());
  }
}

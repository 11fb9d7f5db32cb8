package dev.throng.answer;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.answer.AnswerStream.Event.Done;
import dev.throng.answer.CacheAdministration.Invalidated;
import dev.throng.answer.Inspection.Reason;
import dev.throng.cache.TierStats;
import dev.throng.catalog.DocumentIds;
import dev.throng.catalog.InvalidationTarget;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.TestCorpus;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache operations for operators. */
final class InvalidationTest {
  private static final String LEAVE = "How many days of leave are there?";
  private static final String SOUP = "When is soup served?";
  private static final InvalidationTarget WHOLE = new InvalidationTarget.Collection(TestCorpus.REF);
  private static final InvalidationTarget.Document CANTEEN =
      new InvalidationTarget.Document(TestCorpus.REF, DocumentIds.of(TestCorpus.REF, "canteen.md"));

  private final AnswerBench bench;
  private final CacheAdministration cache;

  InvalidationTest(@TempDir Path folder) {
    bench = new AnswerBench(folder);
    cache = bench.administration();
    bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave a year.");
    bench.corpus().writeAndPublish("canteen.md", "Soup is served at noon.");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Done ask(String question) {
    return bench.ask(bench.question(question, 1));
  }

  private Inspection inspect(String question) {
    return cache.inspect(bench.question(question, 1));
  }

  /** Asks again, and expects an answer other than the previous one. */
  private void assertRegenerated(String question, Done before) {
    int generations = bench.generator().generations();
    Done now = ask(question);
    assertFalse(now.isCached());
    assertNotEquals(before.answer().answer().answerId(), now.answer().answer().answerId());
    assertEquals(generations + 1, bench.generator().generations());
    assertTrue(ask(question).isCached(), "the new answer is cached");
  }

  private void assertSame(String question, Done before) {
    assertEquals(before.answer().answer(), ask(question).answer().answer());
  }

  @Test
  void invalidatedCollectionHasItsAnswersRegenerated() {
    Done leave = ask(LEAVE);
    Done soup = ask(SOUP);
    Invalidated done = cache.invalidate(WHOLE);
    assertEquals(WHOLE, done.target());
    assertEquals(2, done.forgotten());
    assertRegenerated(LEAVE, leave);
    assertRegenerated(SOUP, soup);
  }

  @Test
  void onlyAnswersFromTheInvalidatedDocumentAreRegenerated() {
    Done leave = ask(LEAVE);
    Done soup = ask(SOUP);
    Invalidated done = cache.invalidate(cache.documentAt(TestCorpus.REF, "canteen.md"));
    assertEquals(CANTEEN, done.target());
    assertEquals(1, done.forgotten());
    assertSame(LEAVE, leave);
    assertRegenerated(SOUP, soup);
    Done second = ask(SOUP);
    cache.invalidate(cache.documentAt(TestCorpus.REF, CANTEEN.id()));
    assertRegenerated(SOUP, second);
    assertFails(
        ErrorCode.INVALID_FIELD,
        () -> cache.documentAt(TestCorpus.REF, "nothing.md"),
        "nothing.md");
  }

  @Test
  void invalidatedQuestionIsRegeneratedForEveryFormOfTheRequest() {
    Done leave = ask(LEAVE);
    Done more = bench.ask(bench.question(LEAVE, 2));
    Done soup = ask(SOUP);
    Hash text = bench.question("  " + LEAVE + " ", 1).textHash();
    InvalidationTarget target = new InvalidationTarget.Question(TestCorpus.REF, text);
    Invalidated done = cache.invalidate(target);
    assertEquals(target, done.target());
    assertEquals(2, done.forgotten());
    assertSame(SOUP, soup);
    assertRegenerated(LEAVE, leave);
    Done moreNow = bench.ask(bench.question(LEAVE, 2));
    assertNotEquals(more.answer().answer().answerId(), moreNow.answer().answer().answerId());
  }

  @Test
  void wholeCacheIsInvalidated() {
    Done leave = ask(LEAVE);
    bench.publishFor("tenant2", "leave.md", "There are forty days of leave a year.");
    Done other = bench.ask(bench.questionOf("tenant2", LEAVE));
    Invalidated done = cache.invalidate(new InvalidationTarget.All());
    assertEquals(new InvalidationTarget.All(), done.target());
    assertEquals(2, done.forgotten());
    assertEquals(2, done.collections().size());
    assertRegenerated(LEAVE, leave);
    Done otherNow = bench.ask(bench.questionOf("tenant2", LEAVE));
    assertNotEquals(other.answer().answer().answerId(), otherNow.answer().answer().answerId());
  }

  @Test
  void runningAnswerIsNotServedToRequestsAfterAnInvalidation() {
    CountDownLatch gate = new CountDownLatch(1);
    bench.generator().waitsFor(gate);
    try (AnswerStream before = bench.answers().answer(bench.question(LEAVE, 1))) {
      Await.until("it generates", () -> bench.generator().generations() == 1);
      cache.invalidate(WHOLE);
      bench.generator().doesItsDefault();
      Done after = ask(LEAVE);
      gate.countDown();
      Done late = AnswerBench.awaitDone(before);
      assertNotEquals(late.answer().answer().answerId(), after.answer().answer().answerId());
      assertSame(LEAVE, after);
    }
  }

  @Test
  void streamFromBeforeAnInvalidationContinuesWithAValidAnswer() {
    Done before = ask(LEAVE);
    long epoch = before.answer().epoch();
    Fingerprint prompt = Objects.requireNonNull(inspect(LEAVE).fingerprint());
    cache.invalidate(WHOLE);
    try (AnswerStream rest = bench.answers().resume(bench.question(LEAVE, 1), prompt, epoch)) {
      assertNotEquals(
          before.answer().answer().answerId(),
          AnswerBench.awaitDone(rest).answer().answer().answerId());
    }
  }

  @Test
  void inspectionReportsTheExpectedOutcomeAndItsReason() {
    Inspection unasked = inspect(LEAVE);
    assertEquals("generated", unasked.outcome());
    assertEquals(Reason.NO_ENTRY, unasked.tiers().getFirst().reason());
    Done leave = ask(LEAVE);
    Inspection hit = inspect(LEAVE);
    assertEquals("hit", hit.outcome());
    assertTrue(hit.canBeStale() && hit.isAnswered());
    assertEquals(unasked.fingerprint(), hit.fingerprint());
    bench.corpus().writeAndPublish("other.md", "Nothing about it.");
    Inspection moved = inspect(LEAVE);
    assertEquals("revalidated", moved.outcome());
    assertEquals(Reason.OTHER_EPOCH, moved.tiers().getFirst().reason());
    assertSame(LEAVE, leave);
    assertEquals("unanswerable", inspect("Zeppelin quota?").outcome());
    assertEquals(
        List.of(Reason.NO_ENTRY), inspect("x").tiers().stream().map(t -> t.reason()).toList());
  }

  @Test
  void entryInMemoryIsNotServedStaleAfterAnotherReplicaInvalidatesIt() {
    ask(LEAVE);
    bench.corpus().catalog().invalidation().of(WHOLE); // as the other replica would
    Inspection inspection = inspect(LEAVE);
    assertEquals(Reason.INVALIDATED, inspection.tiers().getFirst().reason());
    assertEquals("generated", inspection.outcome());
    assertFalse(inspection.canBeStale());
  }

  @Test
  void statsCountEntriesAndLookups() {
    ask(LEAVE);
    ask(LEAVE);
    TierStats stats = cache.stats().getFirst();
    assertEquals(1, stats.entries());
    assertEquals(1, stats.hits());
    assertEquals(1, stats.misses());
    assertTrue(stats.bytes() > 1_000, stats::toString);
    assertEquals(0, cache.flightCount());
  }
}

package dev.throng.answer;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.answer.AnswerStream.Event;
import dev.throng.answer.AnswerStream.Event.Done;
import dev.throng.config.Rung;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Outcome;
import dev.throng.core.Priority;
import dev.throng.core.Source;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.TestCorpus;
import dev.throng.retrieval.Condition;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.FilterField;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a question receives when no generation is available for it. */
final class DegradationTest {
  private static final String LEAVE = "How many days of leave are there?";
  private static final String LEAVE_TEXT = "There are thirty days of leave a year.";

  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<AnswerStream> busy = new ArrayList<>();
  private AnswerBench bench;

  DegradationTest(@TempDir Path folder) {
    this.bench = new AnswerBench(folder);
    bench.corpus().writeAndPublish("leave.md", LEAVE_TEXT);
    bench.corpus().writeAndPublish("slots.md", "A holder of slot number one or two has a slot.");
  }

  @AfterEach
  void close() {
    release();
    bench.close();
  }

  private void occupy() {
    busy.addAll(bench.occupySlots(gate));
  }

  private void release() {
    gate.countDown();
    busy.forEach(stream -> {
      AnswerBench.awaitDone(stream);
      stream.close();
    });
    busy.clear();
    bench.generator().doesItsDefault();
  }

  private Done ask(String question) {
    return bench.ask(bench.question(question));
  }

  private static Degradation degradation(Done done) {
    Degradation degradation = done.degradation();
    assertNotNull(degradation);
    return degradation;
  }

  @Test
  void refusedQuestionGetsItsPreviousAnswerMarkedStale() {
    Done first = ask(LEAVE);
    bench.corpus().writeAndPublish("leave.md", "There are forty days of leave a year.");
    occupy();
    Done stale = ask(LEAVE);
    assertEquals(new Degradation(Rung.STALE, ErrorCode.OVERLOADED), stale.degradation());
    assertTrue(degradation(stale).isStale());
    assertFalse(stale.isCached());
    assertEquals(first.answer().answer(), stale.answer().answer());
    assertEquals(first.answer().sources(), stale.answer().sources());
    assertEquals(1, bench.outcomes(Outcome.DEGRADED));
    assertEquals(1, bench.degraded("stale", "overloaded"));
    release();
    Done fresh = ask(LEAVE);
    assertNull(fresh.degradation());
    assertTrue(fresh.answer().sources().getFirst().passage().text().contains("forty"));
  }

  @Test
  void previousAnswerIsNotServedOnceItsDocumentIsDeleted() {
    ask(LEAVE);
    bench.corpus().remove("leave.md");
    bench.corpus().writeAndPublish("days.md", "The days of leave are told by the boss.");
    occupy();
    Done done = ask(LEAVE);
    assertEquals(Rung.EXTRACTIVE, degradation(done).rung());
    assertTrue(
        done.answer().sources().stream()
            .map(Source::passage)
            .noneMatch(passage -> passage.uri().equals("leave.md")));
  }

  @Test
  void unchangedDocumentsNeedNoGenerationAndAreNotStale() {
    Done first = ask(LEAVE);
    bench.corpus().writeAndPublish("canteen.md", "Soup is served at noon.");
    occupy();
    Done again = ask(LEAVE);
    assertNull(again.degradation());
    assertTrue(again.isCached());
    assertEquals(first.answer().answer(), again.answer().answer());
  }

  @Test
  void coldQuestionGetsQuotesFromDocumentsWithoutAnEmbedding() {
    occupy();
    int embedded = bench.corpus().embedder().queriesEmbedded();
    Done done = ask(LEAVE);
    assertEquals(embedded, bench.corpus().embedder().queriesEmbedded());
    assertEquals(new Degradation(Rung.EXTRACTIVE, ErrorCode.OVERLOADED), done.degradation());
    assertEquals(LEAVE_TEXT + " [1]", done.answer().answer().text());
    assertEquals("extractive", done.answer().answer().generator());
    assertTrue(done.answer().sources().getFirst().isCited());
    release();
    Done fresh = ask(LEAVE);
    assertNull(fresh.degradation(), "a degraded answer is not cached");
    assertFalse(fresh.isCached());
  }

  @Test
  void documentsExcludedByTheFilterAreNotQuoted() {
    for (int i = 0; i < 6; i++) { // so that the words are rare enough to count
      bench.corpus().write("other" + i + ".md", "Soup number " + i + " is served at noon.");
    }
    bench.corpus().writeAndPublish("other.md", "No one knows about days of leave here.");
    occupy();
    DocumentFilter filter =
        new DocumentFilter(Condition.equal(FilterField.BuiltIn.URI, "other.md"));
    Done done =
        bench.ask(
            new Question(
                "r1",
                TestCorpus.REF,
                LEAVE,
                3,
                filter,
                AnswerLimits.tokens(100),
                Priority.INTERACTIVE,
                ManualTicker.far()));
    assertEquals(
        List.of("other.md"),
        done.answer().sources().stream().map(source -> source.passage().uri()).toList());
  }

  @Test
  void questionWithoutMatchingWordsIsShedWithARetryDelay() {
    occupy();
    try (AnswerStream refused = bench.answers().answer(bench.question("Xylophone?"))) {
      ThrongException failure =
          assertFails(ErrorCode.OVERLOADED, () -> AnswerBench.awaitDone(refused));
      assertTrue(failure.retryAfter().orElseThrow().isPositive());
    }
    assertEquals(1, bench.outcomes(Outcome.SHED));
    assertEquals(1, bench.degraded("shed", "overloaded"));
  }

  @Test
  void failingBackendsAreReplacedByQuotesOnlyBeforeAnyText() {
    bench
        .generator()
        .does((prompt, sink) -> {
          throw new ThrongException(ErrorCode.BACKEND_UNREACHABLE, "all are gone");
        });
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
      Event event = stream.next(Duration.ofSeconds(20));
      while (!(event instanceof Done)) {
        event = stream.next(Duration.ofSeconds(20));
      }
      assertEquals(
          new Degradation(Rung.EXTRACTIVE, ErrorCode.BACKEND_UNREACHABLE),
          ((Done) event).degradation());
    }
    bench
        .generator()
        .does((prompt, sink) -> {
          sink.append("There are");
          throw new ThrongException(ErrorCode.BACKEND_UNREACHABLE, "all are gone");
        });
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
      assertFails(ErrorCode.BACKEND_UNREACHABLE, () -> AnswerBench.awaitDone(stream));
    }
    assertEquals(1, bench.outcomes(Outcome.DEGRADED));
    assertEquals(1, bench.outcomes(Outcome.FAILED));
  }

  @Test
  void sourcesOfTheSubstituteAnswerReplaceThoseAlreadySent() {
    CountDownLatch read = new CountDownLatch(1);
    bench
        .generator()
        .does((prompt, sink) -> {
          read.await();
          throw new ThrongException(ErrorCode.BACKEND_ERROR, "broke");
        });
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
      assertTrue(stream.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      read.countDown();
      assertTrue(stream.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      assertTrue(stream.next(Duration.ofSeconds(20)) instanceof Event.Text);
      Done done = AnswerBench.awaitDone(stream);
      assertEquals(Rung.EXTRACTIVE, degradation(done).rung());
    }
  }

  @Test
  void followersShareOneWalkDownTheLadder() {
    CountDownLatch allAsked = new CountDownLatch(20);
    bench
        .generator()
        .does((prompt, sink) -> {
          allAsked.await();
          throw new ThrongException(ErrorCode.BACKEND_TIMEOUT, "no token");
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Done>> pending = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        pending.add(
            threads.submit(() -> {
              try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
                allAsked.countDown();
                return AnswerBench.awaitDone(stream);
              }
            }));
      }
      for (Future<Done> done : pending) {
        assertEquals(ErrorCode.BACKEND_TIMEOUT, degradation(Await.result(done)).reason());
      }
    }
    assertEquals(20, bench.outcomes(Outcome.DEGRADED));
    assertEquals(1, bench.degraded("extractive", "backend_timeout"));
  }

  /** Two questions with the same prompt: each walks down the ladder by its own key. */
  @Test
  void followerWithAnotherQuestionDegradesByItself() {
    CountDownLatch bothAsked = new CountDownLatch(1);
    bench
        .generator()
        .does((prompt, sink) -> {
          bothAsked.await();
          throw new ThrongException(ErrorCode.BACKEND_ERROR, "broke");
        });
    try (AnswerStream one = bench.answers().answer(bench.question(LEAVE));
        AnswerStream two = bench.answers().answer(filtered(LEAVE))) {
      assertTrue(one.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      assertTrue(two.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      bothAsked.countDown();
      assertEquals(Rung.EXTRACTIVE, degradation(AnswerBench.awaitDone(one)).rung());
      assertEquals(Rung.EXTRACTIVE, degradation(AnswerBench.awaitDone(two)).rung());
    }
    assertEquals(1, bench.generator().generations());
    assertEquals(2, bench.degraded("extractive", "backend_error"));
  }

  private static Question filtered(String text) {
    DocumentFilter filter =
        new DocumentFilter(Condition.equal(FilterField.BuiltIn.URI, "leave.md"));
    CollectionRef ref = TestCorpus.REF;
    return new Question(
        "r2",
        ref,
        text,
        1,
        filter,
        AnswerLimits.tokens(100),
        Priority.INTERACTIVE,
        ManualTicker.far());
  }

  @Test
  void questionIsNotEmbeddedWhenAllSearchSlotsAreBusy(@TempDir Path other) {
    bench.close();
    bench = AnswerBench.withOneRetrieval(other);
    bench.corpus().writeAndPublish("leave.md", LEAVE_TEXT);
    bench.corpus().writeAndPublish("soup.md", "Soup is served at noon.");
    CountDownLatch searching = new CountDownLatch(1);
    bench
        .corpus()
        .embedder()
        .beforeNextQuery(() -> {
          searching.countDown();
          Await.latch(gate);
        });
    try (AnswerStream first = bench.answers().answer(bench.question("Who gives leave?"))) {
      Await.latch(searching);
      int embedded = bench.corpus().embedder().queriesEmbedded();
      Done done = ask(LEAVE);
      assertEquals(Rung.EXTRACTIVE, degradation(done).rung());
      assertEquals(embedded, bench.corpus().embedder().queriesEmbedded());
      gate.countDown();
      assertNull(AnswerBench.awaitDone(first).degradation());
    }
  }

  @Test
  void queuePositionIsSentBeforeTheSources(@TempDir Path other) {
    bench.close();
    bench = new AnswerBench(other, 10);
    bench.corpus().writeAndPublish("leave.md", LEAVE_TEXT);
    bench.corpus().writeAndPublish("slots.md", "A holder of slot number one or two has a slot.");
    occupy();
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
      Event first = stream.next(Duration.ofSeconds(20));
      assertTrue(first instanceof Event.Queued);
      assertEquals(1, ((Event.Queued) first).position());
      assertTrue(((Event.Queued) first).estimatedWait().isPositive());
      release();
      assertTrue(stream.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      assertNull(AnswerBench.awaitDone(stream).degradation());
    }
  }
}

package dev.throng.answer;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.answer.AnswerStream.Event;
import dev.throng.answer.AnswerStream.Event.Done;
import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Outcome;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ScriptedGenerator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main path over a real catalogue and index, with a scripted generator. */
final class AnswerServiceTest {
  private static final String LEAVE = "How many days of leave are there?";
  private static final String LEAVE_TEXT = "There are thirty days of leave a year.";

  private final AnswerBench bench;

  AnswerServiceTest(@TempDir Path folder) {
    bench = new AnswerBench(folder);
    bench.corpus().writeAndPublish("leave.md", LEAVE_TEXT);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private ScriptedGenerator generator() {
    return bench.generator();
  }

  private Done ask(String question) {
    return bench.ask(bench.question(question));
  }

  @Test
  void thousandIdenticalColdQuestionsNeedOneGeneration() {
    int people = 1_000;
    CountDownLatch allAsked = new CountDownLatch(people);
    generator().waitsFor(allAsked);
    Set<String> texts = new HashSet<>();
    Set<String> answerIds = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> pending = new ArrayList<>();
      for (int i = 0; i < people; i++) {
        pending.add(
            threads.submit(() -> {
              try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
                allAsked.countDown();
                return AnswerBench.readStream(stream, answerIds);
              }
            }));
      }
      pending.forEach(text -> texts.add(Await.result(text)));
    }
    assertEquals(1, generator().generations());
    assertEquals(1, answerIds.size());
    assertEquals(Set.of(ScriptedGenerator.textFor(generator().prompts().getFirst())), texts);
    assertEquals(1, bench.outcomes(Outcome.GENERATED));
    assertEquals(people - 1, bench.outcomes(Outcome.FOLLOWED));
    assertEquals(0, bench.answers().flightCount());
  }

  @Test
  void secondRequestIsServedFromTheCache() {
    Done first = ask(LEAVE);
    Done second = ask(LEAVE);
    assertFalse(first.isCached());
    assertTrue(second.isCached());
    assertEquals(first.answer().answer(), second.answer().answer());
    assertTrue(second.answer().sources().getFirst().isCited());
    assertEquals(1, bench.outcomes(Outcome.HIT));
  }

  @Test
  void unrelatedPublishCostsARetrievalButNoGeneration() {
    Done first = ask(LEAVE);
    bench.corpus().writeAndPublish("canteen.md", "Soup is served at noon.");
    Done second = ask(LEAVE);
    assertEquals(1, generator().generations());
    assertEquals(first.answer().answer(), second.answer().answer());
    assertTrue(second.isCached());
    assertEquals(1, bench.outcomes(Outcome.REVALIDATED));
    assertEquals(bench.corpus().state().epoch(), second.answer().epoch());
    assertTrue(ask(LEAVE).isCached());
    assertEquals(1, bench.outcomes(Outcome.HIT));
  }

  @Test
  void changedDocumentLeadsToANewAnswer() {
    Done first = ask(LEAVE);
    bench.corpus().writeAndPublish("leave.md", "There are thirty-one days of leave a year.");
    Done second = ask(LEAVE);
    assertNotEquals(first.answer().answer().text(), second.answer().answer().text());
    assertEquals(2, generator().generations());
    bench.corpus().writeAndPublish("leave.md", LEAVE_TEXT);
    assertEquals(first.answer().answer(), ask(LEAVE).answer().answer(), "the old answer is cached");
    assertEquals(2, generator().generations());
  }

  @Test
  void renamedDocumentChangesTheSourcesWithoutAGeneration() {
    assertEquals(List.of("leave.md"), AnswerBench.uris(ask(LEAVE)));
    bench.corpus().remove("leave.md");
    bench.corpus().writeAndPublish("holidays.md", LEAVE_TEXT);
    assertEquals(List.of("holidays.md"), AnswerBench.uris(ask(LEAVE)));
    assertEquals(1, generator().generations());
  }

  @Test
  void unanswerableQuestionCallsNoModelUntilADocumentAnswersIt() {
    Done done = ask("Zeppelin quota?");
    assertEquals(FinishReason.UNANSWERABLE, done.answer().answer().finishReason());
    assertEquals(List.of(), done.answer().sources());
    assertEquals(1, bench.outcomes(Outcome.UNANSWERABLE));
    assertTrue(ask("Zeppelin quota?").isCached());
    bench.corpus().writeAndPublish("z.md", "The zeppelin quota is four.");
    assertTrue(AnswerBench.uris(ask("Zeppelin quota?")).contains("z.md"));
    assertEquals(1, generator().generations());
  }

  @Test
  void failureReachesAllListenersAndTheNextRequestTriesAgain() {
    CountDownLatch allAsked = new CountDownLatch(20);
    generator()
        .does((prompt, sink) -> {
          allAsked.await();
          sink.append("The answer");
          throw new ThrongException(ErrorCode.BACKEND_ERROR, "it broke");
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ThrongException>> pending = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        pending.add(
            threads.submit(() -> {
              try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
                allAsked.countDown();
                return assertFails(
                    ErrorCode.BACKEND_ERROR, () -> AnswerBench.awaitDone(stream), "it broke");
              }
            }));
      }
      pending.forEach(Await::result);
    }
    assertEquals(1, generator().generations());
    assertEquals(20, bench.outcomes(Outcome.FAILED));
    generator().doesItsDefault();
    assertFalse(ask(LEAVE).isCached());
    assertEquals(2, generator().generations());
  }

  @Test
  void generationStopsWithItsLastListenerOnly() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    generator()
        .does((prompt, sink) -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            stopped.countDown();
            throw e;
          }
          throw new AssertionError("the latch was not opened");
        });
    AnswerStream first = bench.answers().answer(bench.question(LEAVE));
    AnswerStream second = bench.answers().answer(bench.question(LEAVE));
    Await.latch(started);
    first.close();
    assertEquals(1, bench.answers().flightCount());
    assertEquals(1, stopped.getCount());
    second.close();
    Await.latch(stopped);
    assertEquals(2, bench.outcomes(Outcome.CANCELLED));
    generator().doesItsDefault();
    assertFalse(ask(LEAVE).isCached());
    Await.until("its permit is released", () -> bench.admission().running() == 0);
  }

  @Test
  void requestAfterAPublishNeverJoinsAnEarlierFlight() {
    CountDownLatch gate = new CountDownLatch(1);
    generator().waitsFor(gate);
    try (AnswerStream before = bench.answers().answer(bench.question(LEAVE))) {
      Await.until("the first generates", () -> generator().generations() == 1);
      bench.corpus().writeAndPublish("leave.md", "There are forty days of leave a year.");
      generator().doesItsDefault();
      Done after = ask(LEAVE);
      assertTrue(after.answer().sources().getFirst().passage().text().contains("forty"));
      assertEquals(2, generator().generations());
      gate.countDown();
      assertNotEquals(
          after.answer().answer().text(), AnswerBench.awaitDone(before).answer().answer().text());
    }
    Done hit = ask(LEAVE);
    assertTrue(hit.isCached());
    assertTrue(hit.answer().sources().getFirst().passage().text().contains("forty"));
  }

  @Test
  void requestAfterAnUnrelatedPublishSharesTheRunningGeneration() {
    CountDownLatch gate = new CountDownLatch(1);
    generator().waitsFor(gate);
    try (AnswerStream before = bench.answers().answer(bench.question(LEAVE))) {
      Await.until("the first generates", () -> generator().generations() == 1);
      bench.corpus().writeAndPublish("canteen.md", "Soup is served at noon.");
      try (AnswerStream after = bench.answers().answer(bench.question(LEAVE))) {
        Event first = after.next(Duration.ofSeconds(20));
        assertTrue(first instanceof Event.Sources);
        gate.countDown();
        Done followed = AnswerBench.awaitDone(after);
        assertEquals(AnswerBench.awaitDone(before).answer().answer(), followed.answer().answer());
        assertEquals(2, followed.answer().epoch());
      }
    }
    assertEquals(1, generator().generations());
    assertTrue(ask(LEAVE).isCached());
  }

  @Test
  void tenantsNeverShareAnAnswer() {
    bench.publishFor("tenant2", "leave.md", LEAVE_TEXT);
    Done mine = ask(LEAVE);
    Done theirs = bench.ask(bench.questionOf("tenant2", LEAVE));
    assertFalse(theirs.isCached());
    assertEquals(2, generator().generations());
    assertNotEquals(
        mine.answer().sources().getFirst().passage().documentId(),
        theirs.answer().sources().getFirst().passage().documentId());
    assertFails(
        ErrorCode.UNKNOWN_COLLECTION,
        () -> bench.answers().answer(bench.questionOf("tenant3", LEAVE)).close());
  }

  @Test
  void whitespaceInAQuestionChangesNeitherKeyNorPrompt() {
    ask("  How many\u00A0 days of\n leave\tare there? ");
    assertEquals(LEAVE, generator().prompts().getFirst().question());
    assertTrue(ask(LEAVE).isCached());
    assertFalse(ask("how many days of leave are there?").isCached(), "case may carry meaning");
  }

  @Test
  void answerCutOffByItsTokenLimitIsNotCached() {
    generator()
        .does((prompt, sink) -> {
          sink.append("Thirty");
          return new Completion(FinishReason.LENGTH, TokenCount.ofText(1));
        });
    assertEquals(FinishReason.LENGTH, ask(LEAVE).answer().answer().finishReason());
    assertFalse(ask(LEAVE).isCached());
    assertEquals(2, generator().generations());
  }

  @Test
  void deadlineEndsTheWaitAndTheGeneration() {
    generator().waitsFor(new CountDownLatch(1));
    Deadline soon = Deadline.after(Ticker.system(), Duration.ofMillis(100));
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE, soon))) {
      assertFails(ErrorCode.DEADLINE_EXCEEDED, () -> AnswerBench.awaitDone(stream));
    }
    Await.until("its permit is released", () -> bench.admission().running() == 0);
    assertEquals(1, bench.outcomes(Outcome.FAILED));
  }

  @Test
  void requestsBeyondTheQueueAreShedAndHitsAreNot() {
    ask(LEAVE);
    bench.corpus().writeAndPublish("z.md", "The zeppelin quota is four.");
    ask(LEAVE); // validated again
    CountDownLatch gate = new CountDownLatch(1);
    generator().waitsFor(gate);
    List<AnswerStream> busy = new ArrayList<>();
    for (int i = 0; i < AnswerBench.SLOTS; i++) {
      busy.add(bench.answers().answer(bench.question("Zeppelin quota number " + i + "?")));
    }
    Await.until("all slots are taken", () -> bench.admission().running() == AnswerBench.SLOTS);
    try (AnswerStream refused = bench.answers().answer(bench.question("Xylophone?"))) {
      assertFails(ErrorCode.OVERLOADED, () -> AnswerBench.awaitDone(refused));
    }
    assertEquals(1, bench.outcomes(Outcome.SHED));
    assertTrue(ask(LEAVE).isCached());
    gate.countDown();
    busy.forEach(stream -> {
      AnswerBench.awaitDone(stream);
      stream.close();
    });
    assertEquals(0, bench.admission().waiting());
  }

  @Test
  void unexpectedFailureIsInternalAndRevealsNoDetails() {
    generator()
        .does((prompt, sink) -> {
          throw new IllegalStateException("secret path /etc/x");
        });
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
      ThrongException failure =
          assertFails(ErrorCode.INTERNAL, () -> AnswerBench.awaitDone(stream));
      assertFalse(String.valueOf(failure.getMessage()).contains("secret"));
    }
  }

  @Test
  void streamOfAHitIsCompleteAndInOrder() {
    Done generated = ask(LEAVE);
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
      Set<String> answerIds = ConcurrentHashMap.newKeySet();
      assertEquals(generated.answer().answer().text(), AnswerBench.readStream(stream, answerIds));
      assertEquals(Set.of(generated.answer().answer().answerId()), answerIds);
    }
  }

  @Test
  void idleStreamReportsIdleAndContinues() {
    CountDownLatch gate = new CountDownLatch(1);
    generator().waitsFor(gate);
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
      assertNull(stream.hit());
      assertTrue(stream.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      assertTrue(stream.next(Duration.ofMillis(1)) instanceof Event.Idle);
      gate.countDown();
      assertTrue(stream.next(Duration.ofSeconds(20)) instanceof Event.Text);
      AnswerBench.awaitDone(stream);
    }
  }

  @Test
  void differentQuestionsWithOnePromptShareOneGeneration() {
    CountDownLatch gate = new CountDownLatch(1);
    generator().waitsFor(gate);
    try (AnswerStream one = bench.answers().answer(bench.question(LEAVE));
        AnswerStream two = bench.answers().answer(bench.question(LEAVE, 2))) {
      Await.until("one generates", () -> generator().generations() == 1);
      assertTrue(two.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      assertTrue(one.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      gate.countDown();
      assertEquals(
          AnswerBench.awaitDone(one).answer().answer(),
          AnswerBench.awaitDone(two).answer().answer());
    }
    assertEquals(1, generator().generations());
    assertTrue(bench.ask(bench.question(LEAVE, 2)).isCached());
  }

  @Test
  void streamIsResumedWhileItsAnswerWaitsForASlot(@TempDir Path folder)
      throws InterruptedException {
    try (AnswerBench roomy = new AnswerBench(folder, 10)) {
      roomy.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
      roomy.corpus().writeAndPublish("slots.md", "A holder of slot number one or two has a slot.");
      CountDownLatch gate = new CountDownLatch(1);
      List<AnswerStream> busy = roomy.occupySlots(gate);
      Question question = roomy.question("How many days of leave are there?");
      try (AnswerStream waiting = roomy.answers().answer(question)) {
        Await.until("its prompt is known", () -> waiting.fingerprint() != null);
        try (AnswerStream resumed =
            roomy.answers().resume(question, Objects.requireNonNull(waiting.fingerprint()), 0)) {
          assertInstanceOf(AnswerStream.Event.Queued.class, resumed.next(Duration.ofSeconds(10)));
          gate.countDown();
          Done done = AnswerBench.awaitDone(resumed);
          assertEquals(AnswerBench.awaitDone(waiting).answer().answer(), done.answer().answer());
        }
      }
      busy.forEach(AnswerStream::close);
    }
  }
}

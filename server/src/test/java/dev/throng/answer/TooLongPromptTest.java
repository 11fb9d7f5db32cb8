package dev.throng.answer;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.answer.AnswerStream.Event;
import dev.throng.answer.AnswerStream.Event.Done;
import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that finds prompts longer than they were estimated to be. */
final class TooLongPromptTest {
  private static final String LEAVE = "How many days of leave are there?";
  private static final String LEAVE_TEXT = "There are thirty days of leave a year.";

  private final AnswerBench bench;

  TooLongPromptTest(@TempDir Path folder) {
    bench = new AnswerBench(folder);
    bench.corpus().writeAndPublish("leave.md", LEAVE_TEXT);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** A model whose context has space for one passage. */
  private void takeOnePassage() {
    bench
        .corpus()
        .writeAndPublish("more.md", "Leave days not taken in a year are kept for the next.");
    bench
        .generator()
        .does((prompt, sink) -> {
          if (prompt.passages().size() > 1) {
            throw new ThrongException(ErrorCode.PROMPT_TOO_LONG, "exceeds");
          }
          sink.append("Thirty [1] and kept [2].");
          return new Completion(FinishReason.STOP, TokenCount.ofText(3));
        });
  }

  @Test
  void promptTooLongForTheModelAndItsSourcesLoseOnePassage() {
    takeOnePassage();
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE, 2))) {
      List<Integer> sources = new ArrayList<>();
      Event event;
      do {
        event = stream.next(Duration.ofSeconds(20));
        if (event instanceof Event.Sources found) {
          sources.add(found.sources().size());
        }
      } while (!(event instanceof Done));
      Done done = (Done) event;
      assertEquals("Thirty [1] and kept.", done.answer().answer().text());
      assertEquals(1, done.answer().answer().removedCitations());
      assertEquals(1, done.answer().sources().size());
      assertTrue(done.answer().sources().getFirst().isCited());
      assertTrue(
          sources.equals(List.of(2, 1)) || sources.equals(List.of(1)),
          () -> "the second sources replace the first: " + sources);
    }
  }

  @Test
  void promptKnownToBeTooLongIsNotTriedAgain() {
    takeOnePassage();
    Done first = bench.ask(bench.question(LEAVE, 2));
    assertEquals(2, bench.generator().generations());
    bench.corpus().writeAndPublish("canteen.md", "Soup is served at noon.");
    Done second = bench.ask(bench.question(LEAVE, 2));
    assertEquals(2, bench.generator().generations(), "revalidated without the model");
    assertEquals(first.answer().answer(), second.answer().answer());
    assertEquals(1, second.answer().sources().size());
    assertTrue(bench.ask(bench.question(LEAVE, 2)).isCached());
  }

  @Test
  void followersOfTheTooLongPromptFollowTheShorterOne() {
    takeOnePassage();
    CountDownLatch gate = new CountDownLatch(1);
    bench
        .generator()
        .does((prompt, sink) -> {
          gate.await();
          if (prompt.passages().size() > 1) {
            throw new ThrongException(ErrorCode.PROMPT_TOO_LONG, "exceeds");
          }
          sink.append("Thirty [1].");
          return new Completion(FinishReason.STOP, TokenCount.ofText(3));
        });
    try (AnswerStream one = bench.answers().answer(bench.question(LEAVE, 2));
        AnswerStream two = bench.answers().answer(bench.question(LEAVE, 3))) {
      assertTrue(one.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      assertTrue(two.next(Duration.ofSeconds(20)) instanceof Event.Sources);
      gate.countDown();
      Done first = AnswerBench.awaitDone(one);
      Done second = AnswerBench.awaitDone(two);
      assertEquals(first.answer().answer(), second.answer().answer());
      assertEquals(AnswerBench.uris(first), AnswerBench.uris(second));
      assertEquals(1, AnswerBench.uris(first).size());
    }
    assertEquals(
        2, bench.generator().generations(), "one that was refused, and one that succeeded");
  }

  @Test
  void singlePassageThatIsTooLongIsAFailure() {
    bench
        .generator()
        .does((prompt, sink) -> {
          throw new ThrongException(ErrorCode.PROMPT_TOO_LONG, "exceeds");
        });
    try (AnswerStream stream = bench.answers().answer(bench.question(LEAVE))) {
      assertFails(ErrorCode.PROMPT_TOO_LONG, () -> AnswerBench.awaitDone(stream));
    }
  }
}

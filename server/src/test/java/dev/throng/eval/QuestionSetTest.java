package dev.throng.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.eval.QuestionSet.Scores;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions whose documents are known. */
final class QuestionSetTest {
  @TempDir private Path folder = Path.of("");

  private QuestionSet read(String lines) throws IOException {
    return QuestionSet.read(Files.writeString(folder.resolve("q.jsonl"), lines));
  }

  @Test
  void examplesOfTheRepositoryCanBeRead() {
    QuestionSet set = QuestionSet.read(Path.of("../examples/questions/answerable.jsonl"));
    assertEquals(220, set.questions().size());
    assertEquals(
        List.of("archive/accident-reporting-2018.pdf"), set.questions().getFirst().documents());
  }

  @Test
  void malformedFilesAreNamedWithTheirLine() throws IOException {
    assertMessage("q.jsonl:2", "{\"question\": \"a\", \"documents\": [\"d\"]}\n{\"question\"");
    assertMessage("question 1", "{\"question\": \"a\", \"documents\": []}");
    assertMessage("question 1", "{\"documents\": [\"d\"]}");
    assertMessage("0 questions", "\n\n");
    Path missing = folder.resolve("missing.jsonl");
    assertThrows(IllegalArgumentException.class, () -> QuestionSet.read(missing));
  }

  private void assertMessage(String part, String lines) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> read(lines)).getMessage());
    assertTrue(message.contains(part), message);
  }

  @Test
  void scoresMatchValuesByHand() throws IOException {
    QuestionSet set =
        read(
            """
            {"question": "first", "documents": ["a"]}
            {"question": "second", "documents": ["a", "x"]}
            {"question": "never", "documents": ["z"]}
            {"question": "fails", "documents": ["a"]}
            """);
    Scores scores =
        set.score(question ->
            switch (question) {
              case "first" -> List.of("a", "b");
              case "second" -> List.of("b", "a");
              case "fails" -> throw new ThrongException(ErrorCode.STORE_UNAVAILABLE, "test");
              default -> List.of();
            });
    assertEquals(4, scores.questions());
    assertEquals(1, scores.failed());
    assertEquals((1 + 0.5 + 0) / 3, scores.recallAt10(), 1e-12);
    assertEquals((1 + 0.5 + 0) / 3, scores.mrrAt10(), 1e-12);
    assertEquals(1.0 / 3, scores.first(), 1e-12);
  }

  @Test
  void questionsThatAllFailHaveNoScore() throws IOException {
    Scores scores =
        read("{\"question\": \"a\", \"documents\": [\"d\"]}")
            .score(question -> {
              throw new ThrongException(ErrorCode.STORE_UNAVAILABLE, "test");
            });
    assertEquals(new Scores(1, 1, 0, 0, 0, 0), scores);
  }

  @Test
  void scheduledEvaluationRunsAgainAndKeepsTheLatestScores() throws IOException {
    QuestionSet set = read("{\"question\": \"a\", \"documents\": [\"d\"]}");
    AtomicInteger runs = new AtomicInteger();
    try (ScheduledEvaluation evaluation =
        new ScheduledEvaluation(
            set,
            Duration.ofMillis(1),
            question -> runs.incrementAndGet() < 3 ? List.of() : List.of("d"),
            () -> Instant.EPOCH)) {
      Await.until(
          "a later run",
          () -> evaluation.latest().filter(run -> run.scores().first() == 1).isPresent());
      assertEquals(Instant.EPOCH, evaluation.latest().orElseThrow().at());
    }
    assertTrue(runs.get() >= 3);
  }
}

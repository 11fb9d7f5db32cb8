package dev.throng.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.eval.RetrievalEvaluation.Scores;
import dev.throng.fixtures.BeirFolder;
import dev.throng.fixtures.TestCorpus;
import dev.throng.retrieval.Retriever.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the figures with values calculated by hand. */
final class EvaluationTest {
  private static final double LOG2_OF_3 = Math.log(3) / Math.log(2);

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeDataset() throws IOException {
    BeirFolder.write(
        folder,
        """
        {"_id": "d1", "title": "Rail", "text": "Travel by rail is second class."}
        {"_id": "d2", "title": "Leave", "text": "Leave is thirty days."}

        """,
        """
        {"_id": "q1", "text": "rail class"}
        {"_id": "q2", "text": "days of leave"}
        {"_id": "q3", "text": "not judged"}
        """,
        "q1\td1\t1\nq2\td2\t2\n");
  }

  private static RankingQuality quality(List<String> ranked, Map<String, Integer> judgements) {
    RankingQuality quality = new RankingQuality();
    quality.add(ranked, judgements);
    return quality;
  }

  @Test
  void binaryGradesMatchValuesByHand() {
    RankingQuality quality = quality(List.of("a", "b", "c"), Map.of("b", 1, "d", 1));
    assertEquals((1 / LOG2_OF_3) / (1 + 1 / LOG2_OF_3), quality.ndcgAt10(), 1e-12);
    assertEquals(0.5, quality.recallAt100());
    assertEquals(0.5, quality.mrrAt10());
  }

  @Test
  void gradedGainsMatchValuesByHand() {
    RankingQuality quality = quality(List.of("b", "a"), Map.of("a", 2, "b", 1, "x", 0));
    assertEquals((1 + 2 / LOG2_OF_3) / (2 + 1 / LOG2_OF_3), quality.ndcgAt10(), 1e-12);
    assertEquals(1, quality.recallAt100());
    assertEquals(1, quality.mrrAt10());
  }

  @Test
  void depthsAreTenAndOneHundred() {
    List<String> ranked = IntStream.range(0, 150).mapToObj(i -> "d" + i).toList();
    RankingQuality eleventh = quality(ranked, Map.of("d10", 1));
    assertEquals(0, eleventh.ndcgAt10());
    assertEquals(0, eleventh.mrrAt10());
    assertEquals(1, eleventh.recallAt100());
    assertEquals(0, quality(ranked, Map.of("d100", 1)).recallAt100());
  }

  @Test
  void queriesAreAveraged() {
    RankingQuality quality = new RankingQuality();
    quality.add(List.of("a"), Map.of("a", 1));
    quality.add(List.of("b"), Map.of("a", 1));
    assertEquals(0.5, quality.ndcgAt10());
    assertEquals(0.5, quality.mrrAt10());
    assertEquals(0.5, quality.recallAt100());
  }

  @Test
  void onlyJudgedQueriesOfADatasetAreRead() {
    BeirDataset dataset = BeirDataset.read(folder, "test");
    assertEquals(List.of("d1", "d2"), dataset.corpus().stream().map(i -> i.id()).toList());
    assertEquals(List.of("q1", "q2"), List.copyOf(dataset.queries().keySet()));
    assertEquals(Map.of("d2", 2), dataset.judgements().get("q2"));
  }

  private void assertRefused(String... words) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> BeirDataset.read(folder, "test"));
    for (String word : words) {
      assertTrue(String.valueOf(refused.getMessage()).contains(word), refused::toString);
    }
  }

  @Test
  void missingOrMalformedDataIsReportedWithItsLine() throws IOException {
    Files.writeString(folder.resolve("qrels/test.tsv"), "header\nq1\td1\tgood\n");
    assertRefused("test.tsv:2", "good");
    Files.writeString(folder.resolve("qrels/test.tsv"), "header\nq1\td1\n");
    assertRefused("test.tsv:2", "2 fields");
    Files.delete(folder.resolve("qrels/test.tsv"));
    assertRefused("test.tsv", "BEIR layout");
    writeDataset();
    Files.writeString(folder.resolve("corpus.jsonl"), "{\"_id\": \"d1\"}\n{oops\n");
    assertRefused("corpus.jsonl:2");
    Files.delete(folder.resolve("corpus.jsonl"));
    assertRefused("corpus.jsonl", "BEIR layout");
  }

  @Test
  void everySearchMethodIsScored() throws InterruptedException {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      BeirDataset dataset = BeirDataset.read(folder, "test");
      dataset
          .corpus()
          .forEach(item -> corpus.write(item.id(), item.title() + "\n\n" + item.text()));
      corpus.publish();
      Map<Mode, Scores> scores =
          new RetrievalEvaluation(corpus.retriever(), 2).run(TestCorpus.REF, dataset);
      assertEquals(List.of(Mode.values()), List.copyOf(scores.keySet()));
      for (Scores score : scores.values()) {
        assertEquals(1, score.ndcgAt10(), 1e-9);
        assertEquals(1, score.recallAt100());
        assertTrue(score.queriesPerSecond() > 0);
        assertTrue(score.p50Millis() <= score.p99Millis());
      }
    }
  }
}

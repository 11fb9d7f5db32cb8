package dev.throng.retrieval;

import static dev.throng.fixtures.Passages.scored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Chunk;
import dev.throng.core.Passage;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.fixtures.Passages;
import dev.throng.index.ChunkReader;
import dev.throng.index.Chunker;
import dev.throng.parser.client.MemoryDocument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PassageSelectionTest {
  private static final String A = "Leave is thirty days a year for everyone.";
  private static final String B = "Travel by rail is second class only.";

  private static List<Passage> select(int topK, int budget, Passage... ranked) {
    return new PassageSelection(
            Configs.with("retrieval.passage_tokens", Integer.toString(budget)).retrieval())
        .forPrompt(List.of(ranked), topK);
  }

  private static List<String> texts(List<Passage> passages) {
    return passages.stream().map(Passage::text).toList();
  }

  @Test
  void neighboursAreJoinedAndRankedByTheirBest() {
    List<Passage> chosen =
        select(
            5,
            1_000,
            scored(1, 43, B, 0.9),
            scored(2, 0, "Something else entirely.", 0.5),
            scored(1, 0, A, 0.2));
    assertEquals(2, chosen.size());
    Passage joined = chosen.getFirst();
    assertEquals(A + "\n\n" + B, joined.text());
    assertEquals(List.of(0, 43 + B.length()), List.of(joined.start(), joined.end()));
    assertEquals(0.9, joined.score());
  }

  @Test
  void overlapIsNotRepeated() {
    List<Passage> chosen =
        select(5, 1_000, scored(1, 0, "one two three ", 0.9), scored(1, 8, "three four five", 0.8));
    assertEquals(List.of("one two three four five"), texts(chosen));
    assertEquals(23, chosen.getFirst().end());
  }

  @Test
  void separatePiecesStaySeparate() {
    assertEquals(2, select(5, 1_000, scored(1, 0, A, 1), scored(1, A.length() + 3, B, 1)).size());
    assertEquals(2, select(5, 1_000, scored(1, 0, A, 1), scored(2, A.length(), B, 1)).size());
  }

  @Test
  void nearDuplicatesAreDroppedUnlessANumberDiffers() {
    String price = "The gold plan costs 25 EUR a month, paid in advance by card or by transfer.";
    List<Passage> chosen =
        select(
            5,
            1_000,
            scored(1, 0, price, 0.9),
            scored(2, 0, price.toUpperCase(java.util.Locale.ROOT), 0.8),
            scored(3, 0, price.replace("25", "26"), 0.7));
    assertEquals(List.of(price, price.replace("25", "26")), texts(chosen));
  }

  @Test
  void budgetAndCountAreRespectedButTheBestIsAlwaysTaken() {
    String large = "word ".repeat(400);
    assertEquals(1, select(5, 64, scored(1, 0, large, 1), scored(2, 0, B, 0.5)).size());
    assertEquals(
        List.of(A, "Short."),
        texts(
            select(
                5,
                64,
                scored(1, 0, A, 0.9),
                scored(2, 0, large, 0.8),
                scored(3, 0, "Short.", 0.7))),
        "a smaller one may still fit");
    assertEquals(1, select(1, 1_000, scored(1, 0, A, 1), scored(2, 0, B, 1)).size());
    assertEquals(List.of(), select(5, 1_000));
  }

  /** Cut a text and find its chunks in any order: every passage quotes the text exactly. */
  @Test
  void joinedPassagesQuoteTheirDocument() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        text.append("Item ").append(i).append(" is about subject ").append(random.nextInt(1_000));
        text.append(random.nextBoolean() ? ". " : ".\n\n");
      }
      MemoryDocument document = MemoryDocument.of("Title", text.toString());
      List<Passage> ranked = new ArrayList<>();
      ChunkReader chunks =
          new Chunker(
                  new HashEmbedder(),
                  Configs.with("ingest.chunk_tokens", "40", "ingest.overlap_tokens", "12").ingest())
              .chunk(document, "d", 1);
      for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
        ranked.add(Passages.scored(1, chunk.start(), chunk.text(), random.nextDouble()));
      }
      Collections.shuffle(ranked, random);
      for (Passage passage : select(7, 10_000, ranked.toArray(Passage[]::new))) {
        assertEquals(
            document.text().substring(passage.start(), passage.end()),
            passage.text(),
            "seed " + seed);
      }
      assertTrue(ranked.size() > 7);
    }
  }
}

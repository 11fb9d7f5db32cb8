package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Embedder;
import dev.throng.backend.TokenSpans;
import dev.throng.core.Embedding;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.ManualTicker;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of everything that turns text into vectors. */
abstract class EmbedderContract {
  /** The same embedder for all tests, because loading a model takes a while. */
  abstract Embedder embedder();

  private Embedding document(String text) {
    return embedder().embedDocuments(List.of(text), ManualTicker.far()).getFirst();
  }

  private Embedding query(String text) {
    return Await.result(embedder().embedQuery(text, ManualTicker.far()));
  }

  @Test
  void vectorsHaveTheDimensionAndUnitLength() {
    for (Embedding embedding : List.of(query("Who approves travel?"), document("Travel policy"))) {
      assertEquals(embedder().dimension(), embedding.dimension());
      assertEquals(1, embedding.cosine(embedding), 1e-4);
    }
  }

  @Test
  void sameTextHasTheSameVectorInAnyBatch() {
    Embedding alone = document("Two days a week may be worked from home.");
    List<Embedding> among =
        embedder()
            .embedDocuments(
                List.of(
                    "short",
                    "Two days a week may be worked from home.",
                    "Something much longer about the canteen and its opening hours in summer."),
                ManualTicker.far());
    assertEquals(alone, among.get(1));
    assertEquals(
        alone,
        Await.result(
            embedder()
                .embedPassage("Two days a week may be worked from home.", ManualTicker.far())));
    assertEquals(query("who pays"), query("who pays"));
  }

  @Test
  void batchKeepsItsOrder() {
    List<String> texts = IntStream.range(0, 70).mapToObj(i -> "text number " + i).toList();
    List<Embedding> batch = embedder().embedDocuments(texts, ManualTicker.far());
    assertEquals(texts.size(), batch.size());
    for (int i : List.of(0, 31, 32, 69)) {
      assertEquals(document(texts.get(i)), batch.get(i));
    }
    assertEquals(List.of(), embedder().embedDocuments(List.of(), ManualTicker.far()));
  }

  @Test
  void relatedTextsAreNearerThanUnrelatedOnes() {
    Embedding question = query("how many vacation days do employees get");
    double related = question.cosine(document("employees get thirty vacation days"));
    double other = question.cosine(document("the printer on floor two is out of toner"));
    assertTrue(related > other + 0.05, related + " against " + other);
  }

  @Test
  void tokensCoverTheTextInOrder() {
    String text = "Übergrößenträger 😀 paid €1,250.50 in 日本, zero\u200bwidth! naïve café";
    TokenSpans tokens = embedder().tokenSpans(text);
    assertTrue(tokens.count() > 5);
    int covered = 0;
    for (int i = 0; i < tokens.count(); i++) {
      assertTrue(tokens.start(i) >= 0 && tokens.end(i) <= text.length(), "inside the text");
      assertTrue(i == 0 || tokens.start(i) >= tokens.start(i - 1), "ascending");
      covered = Math.max(covered, tokens.end(i));
    }
    assertEquals(text.length(), covered, "the last word counts");
    assertEquals(0, embedder().tokenSpans("").count());
  }

  @Test
  void allTokensOfALongTextAreCounted() {
    String text = "word ".repeat(3 * embedder().maxTokens());
    TokenSpans tokens = embedder().tokenSpans(text);
    assertTrue(tokens.count() >= 2 * embedder().maxTokens(), "not cut off: " + tokens.count());
    assertEquals(1, document(text).cosine(document(text)), 1e-4);
  }
}

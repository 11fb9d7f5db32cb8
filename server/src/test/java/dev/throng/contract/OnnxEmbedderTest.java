package dev.throng.contract;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Embedder;
import dev.throng.backend.WordVectors.WordVector;
import dev.throng.backend.onnx.OnnxModel;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.LoadedModel;
import dev.throng.fixtures.ManualTicker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The models that come with the server. */
final class OnnxEmbedderTest {
  private static Embedder load(OnnxModel model) {
    return LoadedModel.of(model, 100);
  }

  @Test
  void modelDamagedOnDiskIsUnpackedAgain(@TempDir Path folder) throws IOException {
    LoadedModel.of(OnnxModel.MINILM, 0, folder).close();
    Path model;
    try (Stream<Path> files = Files.walk(folder)) {
      model = files.filter(file -> file.toString().endsWith(".onnx")).findFirst().orElseThrow();
    }
    Files.write(model, new byte[(int) Files.size(model)]);
    try (Embedder embedder = LoadedModel.of(OnnxModel.MINILM, 0, folder)) {
      assertEquals(1, embedder.embedDocuments(List.of("lamps"), ManualTicker.far()).size());
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class BgeSmall extends EmbedderContract {
    private final Embedder embedder = load(OnnxModel.BGE_SMALL);

    @Override
    Embedder embedder() {
      return embedder;
    }

    @AfterAll
    void close() {
      embedder.close();
    }

    @Test
    void questionsHaveAPrefixAndDocumentsDoNot() {
      assertNotEquals(
          embedder.embedDocuments(List.of("who pays"), ManualTicker.far()).getFirst(),
          Await.result(embedder.embedQuery("who pays", ManualTicker.far())));
    }

    @Test
    void oddTextsAreEmbedded() {
      List<String> odd = List.of("\u0000", "\uD800", "😀", " ", "a".repeat(100_000), "\n\n");
      assertEquals(odd.size(), embedder.embedDocuments(odd, ManualTicker.far()).size());
    }

    @Test
    void wordsOfNearlyTheSameMeaningAreAlike() {
      List<WordVector> words =
          embedder
              .wordVectors()
              .of(
                  List.of("vacation", "holiday", "screw", "the", "\uD83D\uDE80", "zürich"),
                  ManualTicker.far());
      WordVector vacation = words.getFirst();
      assertTrue(vacation.similarity(words.get(1)) > 0.4, "holiday");
      assertTrue(vacation.similarity(words.get(2)) < 0.2, "screw");
      assertTrue(words.get(3).rarity() < 0.1, "the");
      assertTrue(vacation.rarity() > 0.7, "vacation");
      assertEquals(1, vacation.similarity(vacation), 1e-5);
      assertEquals(6, words.size());
    }

    @Test
    void questionWhoseDeadlinePassedIsNotEmbedded() {
      Deadline passed = Deadline.after(new ManualTicker(), Duration.ZERO);
      assertFails(
          ErrorCode.DEADLINE_EXCEEDED,
          () -> {
            try {
              Await.result(embedder.embedQuery("never asked before", passed));
            } catch (AssertionError e) {
              throw e.getCause() == null ? e : e.getCause();
            }
          });
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class FastProfile extends EmbedderContract {
    private final Embedder embedder = load(OnnxModel.MINILM);

    @Override
    Embedder embedder() {
      return embedder;
    }

    @AfterAll
    void close() {
      embedder.close();
    }
  }
}

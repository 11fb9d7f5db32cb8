package dev.throng.contract;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Embedder;
import dev.throng.backend.ollama.OllamaEmbedder;
import dev.throng.config.EmbedderConfig;
import dev.throng.core.ErrorCode;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.FakeOllama;
import dev.throng.fixtures.FakeOllama.EmbedFault;
import dev.throng.fixtures.ManualTicker;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
final class OllamaEmbedderTest extends EmbedderContract {
  private final FakeOllama ollama = new FakeOllama();
  private final Embedder embedder = new OllamaEmbedder(config(ollama.url()));

  private static EmbedderConfig config(URI url) {
    return Configs.with("embedder.ollama_url", url.toString(), "embedder.model", "ollama")
        .embedder();
  }

  @Override
  Embedder embedder() {
    return embedder;
  }

  @BeforeEach
  void heal() {
    ollama.embedsWith(EmbedFault.NONE);
  }

  @AfterAll
  void close() {
    embedder.close();
    ollama.close();
  }

  private void embedTwo() {
    embedder.embedDocuments(List.of("one", "two"), ManualTicker.far());
  }

  @Test
  void missingVectorIsRefused() {
    ollama.embedsWith(EmbedFault.ONE_MISSING);
    assertFails(ErrorCode.BACKEND_ERROR, this::embedTwo, "1 embeddings (expected: 2)");
  }

  @Test
  void vectorOfAnotherDimensionIsRefused() {
    ollama.embedsWith(EmbedFault.WRONG_DIMENSION);
    assertFails(ErrorCode.BACKEND_ERROR, this::embedTwo, "16", "expected: 32");
  }

  @Test
  void serverErrorIsPassedOn() {
    ollama.embedsWith(EmbedFault.ERROR);
    assertFails(ErrorCode.BACKEND_ERROR, this::embedTwo, "not found");
  }

  @Test
  void blankTextIsNeverSent() {
    assertThrows(
        IllegalArgumentException.class,
        () -> embedder.embedDocuments(List.of("fine", " \n"), ManualTicker.far()));
  }

  @Test
  void documentsAreSentInBatchesAndNeverTruncated() {
    int before = ollama.embeds().size();
    embedder.embedDocuments(Collections.nCopies(70, "text"), ManualTicker.far());
    assertEquals(
        List.of(32, 32, 6),
        ollama.embeds().stream()
            .skip(before)
            .map(request -> request.path("input").size())
            .toList());
    assertTrue(ollama.embeds().getLast().has("truncate"));
    assertFalse(ollama.embeds().getLast().path("truncate").asBoolean());
  }

  @Test
  void unreachableServerIsNamed() {
    URI nowhere = URI.create("http://127.0.0.1:9");
    assertFails(
        ErrorCode.BACKEND_UNREACHABLE,
        () -> new OllamaEmbedder(config(nowhere)).close(),
        "127.0.0.1:9");
  }
}

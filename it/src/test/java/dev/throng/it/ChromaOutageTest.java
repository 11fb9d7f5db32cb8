package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole server whose Chroma freezes and dies: known answers are still served. */
@Timeout(180)
final class ChromaOutageTest {
  private static final String LAMP = "How many watts does the lamp L7 draw?";
  private static final String PUMP = "How often must the pump P3 be oiled?";

  @Test
  void knownAnswersAreServedAndOthersRefusedUntilRecovery(@TempDir Path folder) throws Exception {
    try (Component chroma = Component.chroma();
        RunningServer server =
            RunningServer.quoting(
                folder,
                Map.of(
                    "store.kind",
                    "chroma",
                    "chroma.url",
                    "http://127.0.0.1:" + chroma.port(),
                    "chroma.timeout",
                    "1s",
                    "retrieval.mode",
                    "hybrid-or-dense"))) {
      assertAnswered(server.query(LAMP), "40 watts");
      Files.writeString(server.documents().resolve("fan.md"), "# Fan\n\nThe fan is quiet.\n");
      server.sync(); // the lamp's answer is from an earlier epoch now
      assertAnswered(server.query(PUMP), "500 hours");

      String litres = "How many litres does the pump P3 move in a minute?";
      chroma.freeze();
      try {
        assertOutage(server, litres);
      } finally {
        chroma.thaw();
      }
      assertHealed(server, litres, "90 litres");

      String kelvin = "What is the colour temperature of the lamp L7?";
      chroma.kill();
      assertOutage(server, kelvin);
      chroma.start();
      assertHealed(server, kelvin, "2700 kelvin");
      Files.writeString(
          server.documents().resolve("lamp.md"), "# Lamp L7\n\nThe lamp L7 draws 60 watts.\n");
      server.sync();
      assertAnswered(server.query(LAMP), "60 watts");
    }
  }

  private static void assertOutage(RunningServer server, String unknown)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    assertEquals("store_unavailable", server.query(unknown).path("code").asText());
    for (int i = 0; i < 20; i++) {
      assertAnswered(server.query(PUMP), "500 hours"); // current, so the store is not needed
      assertEquals("store_unavailable", server.query(unknown).path("code").asText());
      JsonNode stale = server.query(LAMP);
      assertAnswered(stale, "40 watts");
      assertEquals("stale", stale.path("degradation").path("rung").asText(), stale::toString);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(Duration.ofSeconds(8)) < 0, took::toString);
    assertTrue(degraded(server).contains("chroma"), degraded(server));
  }

  private static void assertHealed(RunningServer server, String unknown, String words) {
    Await.until("it recovers", () -> !degraded(server).contains("chroma"));
    Await.until(
        "it is answered", () -> query(server, unknown).path("response").asText().contains(words));
  }

  private static void assertAnswered(JsonNode answer, String words) {
    assertTrue(answer.path("response").asText().contains(words), answer::toString);
  }

  private static String degraded(RunningServer server) {
    try {
      return server.get("/health/ready").path("degraded_components").toString();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode query(RunningServer server, String question) {
    try {
      return server.query(question);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

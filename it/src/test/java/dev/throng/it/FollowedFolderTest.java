package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real servers that share a PostgreSQL and a Chroma, started with the same folder. */
@Timeout(240)
final class FollowedFolderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder = Path.of("");

  private ServerProcess server(String name, Component postgres, Component chroma)
      throws IOException, InterruptedException {
    Map<String, String> settings = Replicas.sharing(postgres, chroma);
    settings.put("THRONG_INGEST_WATCH_DEBOUNCE", "200ms");
    Path own = Files.createDirectories(folder.resolve(name));
    return ServerProcess.throng(own, settings, List.of(), folder.resolve("docs"));
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name).resolve("throng.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean finds(ServerProcess server, String question, String text) {
    try {
      String body = JSON.writeValueAsString(Map.of("query", question));
      return new String(server.post("/search", body), StandardCharsets.UTF_8).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Test
  void oneReplicaFollowsTheFolderAndAnotherTakesOverWhenItIsKilled() throws Exception {
    Path docs = Files.createDirectories(folder.resolve("docs"));
    Files.writeString(docs.resolve("pump.md"), "# Pump P3\n\nOil the pump every 500 hours.\n");
    try (Component postgres = Component.start("postgres", "postgres.* -p %d ");
        Component chroma = Component.chroma();
        ServerProcess first = server("first", postgres, chroma)) {
      Await.until("the first follows", () -> log("first").contains("following " + docs));
      try (ServerProcess second = server("second", postgres, chroma)) {
        assertTrue(log("second").contains("0 added, 0 changed"), "the folder was read before");
        Files.writeString(docs.resolve("pump.md"), "# Pump P3\n\nOil the pump every 700 hours.\n");
        Await.until("the first serves it", () -> finds(first, "oil the pump", "700 hours"));
        Await.until("the second, too", () -> finds(second, "oil the pump", "700 hours"));
        assertFalse(log("second").contains("following"), "only one follows");

        first.kill();
        Files.writeString(docs.resolve("pump.md"), "# Pump P3\n\nOil the pump every 900 hours.\n");
        Await.until("the second serves the next", () -> finds(second, "oil the pump", "900 hours"));
        assertTrue(log("second").contains("following " + docs), log("second"));
      }
    }
  }
}

package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real servers that share a PostgreSQL and a Chroma; the one that reindexes is killed. */
@Timeout(300)
final class ReindexedClusterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN = "operator-of-both";
  private static final int DOCUMENTS = 150;
  private static final Duration BOUND = Duration.ofSeconds(90);

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder = Path.of("");

  private ServerProcess server(String name, Component postgres, Component chroma)
      throws IOException, InterruptedException {
    Map<String, String> settings = Replicas.sharing(postgres, chroma);
    settings.put("THRONG_ADMIN_TOKEN", TOKEN);
    Path own = Files.createDirectories(folder.resolve(name));
    return ServerProcess.throng(own, settings, List.of(), folder.resolve("docs"));
  }

  private JsonNode ask(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        client.send(
            request.header("Authorization", "Bearer " + TOKEN).build(), BodyHandlers.ofString());
    assertEquals(2, response.statusCode() / 100, response.body());
    return JSON.readTree(response.body());
  }

  private static HttpRequest.Builder to(ServerProcess server, String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .header("Content-Type", "application/json");
  }

  private JsonNode get(ServerProcess server, String path) throws Exception {
    return ask(to(server, path));
  }

  private JsonNode post(ServerProcess server, String path, String body) throws Exception {
    return ask(to(server, path).POST(BodyPublishers.ofString(body)));
  }

  private boolean runsTheJob(ServerProcess server) throws Exception {
    HttpResponse<String> metrics =
        client.send(to(server, "/metrics").build(), BodyHandlers.ofString());
    return metrics.body().contains("throng_jobs_running 1.0");
  }

  /** Returns the job once this many of its documents are done. */
  private JsonNode await(ServerProcess server, String job, int documents) throws Exception {
    long start = System.nanoTime();
    while (true) {
      JsonNode now = get(server, "/jobs/" + job);
      if (now.path("documents_done").asInt() >= documents || now.has("finished_at")) {
        return now;
      }
      assertTrue(System.nanoTime() - start < BOUND.toNanos(), now::toString);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void write() throws IOException {
    Path docs = Files.createDirectories(folder.resolve("docs"));
    List<String> words =
        List.of("pump", "valve", "oil", "filter", "hours", "gauge", "seal", "hose");
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < DOCUMENTS; i++) {
      StringBuilder text = new StringBuilder("# Machine " + i + "\n\n");
      for (int word = 0; word < 150; word++) {
        text.append(words.get(random.nextInt(words.size()))).append(word % 12 == 11 ? ".\n" : " ");
      }
      Files.writeString(docs.resolve("machine-" + i + ".md"), text.append("\n"));
    }
  }

  @Test
  void anotherReplicaFinishesAReindexAndBothAnswerFromIt() throws Exception {
    write();
    try (Component postgres = Component.start("postgres", "postgres.* -p %d ");
        Component chroma = Component.chroma();
        ServerProcess first = server("first", postgres, chroma);
        ServerProcess second = server("second", postgres, chroma)) {
      String job =
          post(first, "/admin/reindex", "{\"embedder\": \"all-minilm-l6-v2-int8\"}")
              .path("id")
              .asText();
      await(first, job, DOCUMENTS / 5);
      boolean isFirst = runsTheJob(first);
      ServerProcess left = isFirst ? second : first;
      (isFirst ? first : second).kill();
      JsonNode before = get(left, "/admin/reindex");
      assertEquals("bge-small-en-v1.5-int8", before.at("/live/embedder").asText(), "interrupted");
      post(left, "/search", "{\"query\": \"the live index continues to answer\"}");
      JsonNode end = await(left, job, Integer.MAX_VALUE);
      assertEquals("done", end.path("state").asText(), end.toString());
      JsonNode after = get(left, "/admin/reindex");
      assertEquals("all-minilm-l6-v2-int8", after.at("/live/embedder").asText());
      assertEquals(DOCUMENTS, after.at("/live/documents").asInt());
      assertEquals(
          DOCUMENTS, after.at("/others/0/documents").asInt(), "the former is complete, too");
      JsonNode found = post(left, "/search", "{\"query\": \"Machine 17\", \"top_k\": 50}");
      assertEquals(50, found.path("results").size());
    }
  }
}

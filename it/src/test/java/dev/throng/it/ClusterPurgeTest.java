package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.app.Wiring;
import dev.throng.config.ConfigLoader;
import dev.throng.core.CollectionRef;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers that share a PostgreSQL, a Redis and a Chroma, and a document that is purged. */
@Timeout(240)
final class ClusterPurgeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DOCUMENTS = "/collections/default/documents";
  private static final List<String> TOKENS =
      List.of(
          "Wqkzvxjmprtlbgndfhscyueo",
          "Ytrplmnbvcxzasdfghjkqwex",
          "Qazwsxedcrfvtgbyhnujmikl",
          "Poiuytmnbvcxzlkjhgfdsaqw");

  @TempDir private Path folder = Path.of("");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Wiring replica(String name, Component postgres, Component redis, Component chroma) {
    Map<String, String> flags = new HashMap<>();
    flags.put("server.port", "0");
    flags.put("data.dir", folder.resolve(name).toString());
    flags.put("generator", "extractive");
    flags.put("retrieval.mode", "dense");
    flags.put("retrieval.top_k", "2");
    flags.put("retrieval.min_relevance", "-1.0");
    flags.put("store.kind", "chroma");
    flags.put("chroma.url", "http://127.0.0.1:" + chroma.port());
    flags.put("catalog.url", "jdbc:postgresql://127.0.0.1:%d/throng".formatted(postgres.port()));
    flags.put("catalog.user", "throng");
    Map<String, String> environment =
        Map.of(
            "THRONG_REDIS_URLS",
            "redis://127.0.0.1:" + redis.port(),
            "THRONG_ADMIN_TOKEN",
            "operator");
    Wiring server = new Wiring(ConfigLoader.load(null, environment, flags));
    server.start();
    var _ = server.open(new CollectionRef("default", "default"));
    return server;
  }

  private JsonNode send(Wiring server, String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer operator")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = Http.send(http, request);
    try {
      assertTrue(response.statusCode() < 300, response::body);
      return response.body().startsWith("{")
          ? JSON.readTree(response.body())
          : JSON.createObjectNode().put("body", response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode take(Wiring server, ObjectNode document) {
    JsonNode job = send(server, "POST", DOCUMENTS, document.toString()).path("jobs").get(0);
    String path = "/jobs/" + job.path("id").asText();
    Await.until("the end of the job", () -> send(server, "GET", path, "").has("finished_at"));
    return send(server, "GET", path, "");
  }

  private JsonNode ask(Wiring server, String question) {
    return send(
        server, "POST", "/query", JSON.createObjectNode().put("query", question).toString());
  }

  private void stream(Wiring server, String question) {
    send(
        server,
        "POST",
        "/query",
        JSON.createObjectNode().put("query", question).put("stream", true).toString());
  }

  private JsonNode verify(Wiring server) {
    ObjectNode body = JSON.createObjectNode();
    TOKENS.forEach(body.putArray("tokens")::add);
    JsonNode report = send(server, "POST", "/admin/purge/verify", body.toString());
    assertTrue(report.path("complete").asBoolean(), report::toString);
    return report;
  }

  private static int found(JsonNode report, String place) {
    for (JsonNode each : report.path("places")) {
      if (each.path("place").asText().equals(place)) {
        return each.path("found").size();
      }
    }
    return -1;
  }

  @Test
  void onePurgeClearsTheMemoryOfAllReplicasAndTheirSharedState() {
    try (Component postgres = Component.start("postgres", "postgres.* -p %d ");
        Component redis = Component.redis();
        Component chroma = Component.chroma();
        Wiring here = replica("here", postgres, redis, chroma);
        Wiring there = replica("there", postgres, redis, chroma)) {
      ObjectNode secret =
          JSON.createObjectNode()
              .put("uri", "vault-%s.md".formatted(TOKENS.get(0)))
              .put("title", "About " + TOKENS.get(1))
              .put("text", "The vault is opened by " + TOKENS.get(2) + " alone.");
      secret.putObject("metadata").put("keeper", TOKENS.get(3));
      String id = take(here, secret).path("document_id").asText();
      take(
          there,
          JSON.createObjectNode()
              .put("uri", "lamp.md")
              .put("text", "The lamp in the hall burns brightly at night."));
      ask(here, "Who opens the vault alone?");
      ask(there, "Who is it that opens the vault?");
      stream(there, "Does " + TOKENS.get(2) + " open the vault?");
      ask(there, "What burns brightly in the hall at night?");
      for (Wiring server : List.of(here, there)) {
        JsonNode live = verify(server);
        for (String place : List.of("answers", "redis", "stored texts", "catalogue", "search")) {
          assertTrue(found(live, place) > 0, place + " of " + live);
        }
        assertEquals(1, live.path("other_replicas").size());
      }
      send(here, "DELETE", DOCUMENTS + "/" + id, "");
      assertFalse(verify(there).path("clean").asBoolean());

      JsonNode report = send(here, "POST", "/admin/purge", "{}");
      assertTrue(report.path("complete").asBoolean(), report::toString);
      for (Wiring server : List.of(here, there)) {
        JsonNode clean = verify(server);
        assertTrue(clean.path("clean").asBoolean(), clean::toString);
      }
    }
  }

  @Test
  void deletedCollectionIsGoneOnEveryReplica() {
    try (Component postgres = Component.start("postgres", "postgres.* -p %d ");
        Component redis = Component.redis();
        Component chroma = Component.chroma();
        Wiring here = replica("here", postgres, redis, chroma);
        Wiring there = replica("there", postgres, redis, chroma)) {
      ObjectNode secret =
          JSON.createObjectNode()
              .put("uri", "vault-%s.md".formatted(TOKENS.get(0)))
              .put("title", "About " + TOKENS.get(1))
              .put("text", "The vault is opened by " + TOKENS.get(2) + " alone.");
      take(here, secret);
      ask(here, "Who opens the vault alone?");
      ask(there, "Who is it that opens the vault?");
      assertTrue(found(verify(there), "answers") > 0);
      JsonNode deleted = send(here, "DELETE", "/collections/default", "");
      assertTrue(deleted.path("complete").asBoolean(), deleted::toString);
      for (Wiring server : List.of(there, here)) {
        assertEquals(0, send(server, "GET", "/collections", "").path("collections").size());
        JsonNode report = verify(server);
        assertTrue(report.path("clean").asBoolean(), report::toString);
      }
      take(there, secret.put("text", "The vault is opened by a lever."));
      Await.until(
          "the publish to reach the other replica",
          () -> !send(here, "GET", "/collections", "").path("collections").isEmpty());
      JsonNode answer = ask(here, "Who opens the vault alone?");
      assertTrue(answer.path("response").asText().contains("lever"), answer::toString);
    }
  }
}

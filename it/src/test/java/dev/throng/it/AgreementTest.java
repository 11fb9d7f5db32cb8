package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.app.ClusterCheck;
import dev.throng.app.Doctor;
import dev.throng.app.Doctor.Finding;
import dev.throng.app.Doctor.Verdict;
import dev.throng.app.Wiring;
import dev.throng.cli.ThrongCommand;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas with a real PostgreSQL and a real Chroma, with equal or different settings. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class AgreementTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CollectionRef COLLECTION = new CollectionRef("default", "default");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private Component postgres;
  private Component chroma;

  @BeforeEach
  void start() {
    postgres = Component.start("postgres", "postgres.* -p %d ");
    chroma = Component.chroma();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    chroma.close();
    postgres.close();
  }

  private ThrongConfig config(String data, String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("data.dir", folder.resolve(data).toString());
    settings.put("server.port", "0");
    settings.put("generator", "extractive");
    settings.put("store.kind", "chroma");
    settings.put("chroma.url", "http://127.0.0.1:" + chroma.port());
    settings.put("retrieval.mode", "dense");
    settings.put("catalog.url", "jdbc:postgresql://127.0.0.1:%d/throng".formatted(postgres.port()));
    settings.put("catalog.user", "throng");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return ConfigLoader.load(null, Map.of(), settings);
  }

  private static void begin(Wiring server) {
    server.start();
    open(server);
  }

  private static void open(Wiring server) {
    var _ = server.open(COLLECTION);
  }

  private HttpResponse<String> ready(Wiring server) {
    URI uri = URI.create("http://127.0.0.1:%d/health/ready".formatted(server.port()));
    return Http.send(http, HttpRequest.newBuilder(uri).build());
  }

  /** Returns the command's exit code. */
  private int clusterCheck() throws IOException {
    Path file = folder.resolve("check.yaml");
    Files.writeString(
        file,
        """
        generator: extractive
        store: {kind: chroma}
        chroma: {url: "http://127.0.0.1:%d"}
        retrieval: {mode: dense}
        catalog: {url: "jdbc:postgresql://127.0.0.1:%d/throng", user: throng}
        """
            .formatted(chroma.port(), postgres.port()));
    return ThrongCommand.execute(
        "serve",
        "--cluster-check",
        "--json",
        "--config",
        file.toString(),
        "--data",
        folder.resolve("c").toString());
  }

  private Finding diagnosis() {
    List<Finding> findings = new ArrayList<>();
    new Doctor(config("c"), findings::add).examine();
    return findings.stream().filter(f -> f.part().equals("replicas")).findFirst().orElseThrow();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  @Test
  void replicaWithAnotherEmbedderIsNotReadyAndNamesBoth() throws Exception {
    try (Wiring first = new Wiring(config("a"));
        Wiring second = new Wiring(config("b", "embedder.model", "minilm"))) {
      begin(first);
      begin(second);
      Await.until("the second disagrees", () -> ready(second).statusCode() == 503);
      JsonNode refused = json(ready(second));
      assertEquals("disagreeing", refused.path("status").asText());
      String reason = refused.path("reason").asText();
      assertTrue(reason.contains("bge-small") && reason.contains("minilm"), reason);
      assertEquals(200, ready(first).statusCode(), "the first replica continues");
      ClusterCheck check = ClusterCheck.of(config("c"));
      assertFalse(check.isAgreed());
      assertEquals(2, check.replicas().size());
      assertTrue(check.differences().toString().contains("embedder"), check::toString);
      assertEquals(1, clusterCheck());
      assertEquals(Verdict.FAILED, diagnosis().verdict());
    }
  }

  @Test
  void replicaWithoutACollectionLearnsOfTheDifferenceFromTheOther() throws Exception {
    try (Wiring first = new Wiring(config("a"));
        Wiring second = new Wiring(config("b", "embedder.model", "minilm"))) {
      first.start();
      second.start(); // the catalogue is empty: only the first's own record reveals it
      Await.until("it disagrees", () -> ready(second).body().contains("disagreeing"));
      String reason = json(ready(second)).path("reason").asText();
      assertTrue(reason.startsWith("embedder: "), reason);
      assertTrue(reason.contains("bge-small") && reason.contains("minilm"), reason);
      assertTrue(reason.contains(":" + first.port()), reason);
    }
  }

  @Test
  void replicaStartedWithoutTheStoreIsReadyOnceTheStoreReturns() throws Exception {
    chroma.kill();
    try (Wiring server = new Wiring(config("a"))) {
      server.start();
      Thread waiting = Thread.ofVirtual().start(() -> open(server));
      assertEquals(503, ready(server).statusCode());
      chroma.start();
      Await.until("it is ready", () -> ready(server).statusCode() == 200);
      waiting.join();
    }
  }

  @Test
  void equalReplicasAndThisMachineAgree() throws Exception {
    try (Wiring first = new Wiring(config("a"));
        Wiring second = new Wiring(config("b"))) {
      begin(first);
      begin(second);
      assertEquals(200, ready(second).statusCode(), () -> ready(second).body());
      assertEquals(200, ready(first).statusCode());
      Await.until(
          "both have registered", () -> ClusterCheck.of(config("c")).replicas().size() == 2);
      ClusterCheck check = ClusterCheck.of(config("c"));
      assertEquals(List.of(), check.differences());
      assertTrue(check.isAgreed());
      assertEquals(0, clusterCheck());
      assertEquals(Verdict.OK, diagnosis().verdict());
      assertTrue(diagnosis().detail().startsWith("2 agree: http://"), diagnosis().detail());
    }
  }

  @Test
  void differingReplicaServesIfConfigured() throws Exception {
    try (Wiring first = new Wiring(config("a"));
        Wiring second =
            new Wiring(config("b", "retrieval.top_k", "3", "catalog.agreement", "warn"))) {
      begin(first);
      begin(second);
      assertEquals(200, ready(second).statusCode(), () -> ready(second).body());
      Await.until(
          "both have registered", () -> ClusterCheck.of(config("c")).replicas().size() == 2);
      assertFalse(ClusterCheck.of(config("c")).isAgreed(), "but the difference is reported");
      assertEquals(200, ready(second).statusCode());
    }
  }
}

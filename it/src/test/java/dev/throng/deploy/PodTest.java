package dev.throng.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.QueryConnection.Response;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.bench.rig.SimProcess;
import dev.throng.fixtures.Await;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server with the configuration that the chart gives it, treated as Kubernetes and clients treat
 * a pod. The backend is simulated.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class PodTest {
  /** Neither loopback nor an address of this machine. */
  private static final String POD = "10.244.1.7";

  private static final String SERVICE = "answers-throng";
  private static final String QUESTION = "{\"query\": \"How long is the notice period?\"}";
  private static final String STREAMED =
      "{\"query\": \"How many days of leave do I have?\", \"stream\": true}";

  /** An answer takes three seconds, of which clients notice each token. */
  private static final SimSettings SLOW =
      SimSettings.instant()
          .withRates(new Rates(50_000, 20, 0, 0))
          .withAnswers(new AnswerLength(60, 0, 60, 60));

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int MISDIRECTED = 421;

  private final JsonNode container;
  private final String scraped;
  private final int management = ServerProcess.freePort();
  private final SimProcess backend;
  private final ServerProcess server;

  PodTest(@TempDir Path folder) throws IOException, InterruptedException {
    String rendered =
        Chart.render("answers", Chart.values("values.yaml"), "monitoring.serviceMonitor=true");
    container = Chart.objects(rendered, "Deployment").getFirst().findPath("containers").path(0);
    scraped =
        Chart.objects(rendered, "ServiceMonitor")
            .getFirst()
            .findPath("endpoints")
            .findPath("path")
            .asText();
    Path config =
        Files.writeString(
            folder.resolve("throng.yaml"),
            Chart.objects(rendered, "ConfigMap")
                .getFirst()
                .path("data")
                .path("throng.yaml")
                .asText());
    backend = SimProcess.start(folder, SLOW, 1);
    Map<String, String> settings = new HashMap<>(SimProcess.serverSettings(backend.urls(), SLOW));
    settings.put("THRONG_CONFIG", config.toString());
    settings.put("THRONG_SERVER_MANAGEMENT_PORT", Integer.toString(management));
    settings.put("THRONG_RETRIEVAL_MIN_RELEVANCE", "-1");
    // What Kubernetes sets for Services called throng and throng-server:
    settings.put("THRONG_PORT", "tcp://10.96.0.7:80");
    settings.put("THRONG_SERVICE_HOST", "10.96.0.7");
    settings.put("THRONG_SERVER_SERVICE_PORT", "80");
    Path documents = Path.of("../examples/handbook/legal");
    server = ServerProcess.throng(folder, settings, List.of(), documents);
  }

  @AfterAll
  void stop() {
    server.close();
    backend.close();
  }

  private QueryConnection connect(String host, int port) throws IOException {
    return new QueryConnection(URI.create("http://%s:%d".formatted(host, port)));
  }

  private int get(String host, int port, String path) throws IOException {
    try (QueryConnection connection = connect(host, port)) {
      return connection.get(path, "", _ -> {}).status();
    }
  }

  private int ask(String host) throws IOException {
    try (QueryConnection connection = connect(host, server.port())) {
      return connection.post("/query", QUESTION, _ -> {}).status();
    }
  }

  @Test
  void probesAndScrapesUseTheAddressOfThePod() throws IOException {
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonNode request = container.path(probe).path("httpGet");
      assertEquals("management", request.path("port").asText());
      assertEquals(OK, get(POD, management, request.path("path").asText()), probe);
    }
    assertEquals(OK, get(POD, management, scraped));
    assertEquals(MISDIRECTED, ask(POD), "questions come by a name");
  }

  @Test
  void clientsUseTheNameOfTheService() throws IOException {
    for (String domain : List.of("", ".docs", ".docs.svc", ".docs.svc.cluster.local")) {
      assertEquals(OK, ask(SERVICE + domain), domain);
    }
    assertEquals(MISDIRECTED, ask("throng.docs.svc"), "another release");
  }

  /** After the preStop hook, the pod gets a SIGTERM. */
  @Test
  @Order(Integer.MAX_VALUE)
  void stopLosesNoRequest() throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    try (QueryConnection streaming = connect(SERVICE, server.port());
        QueryConnection kept = connect(SERVICE, server.port())) {
      assertEquals(OK, kept.get("/collections", "", _ -> {}).status());
      assertTrue(kept.isUsable());
      CompletableFuture<Response> stream =
          CompletableFuture.supplyAsync(() -> post(streaming, STREAMED, events));
      Await.until("the answer has started", () -> named(events, "token") > 0);

      assertTrue(server.process().destroy());
      Await.until("it is no longer ready", () -> readiness() != OK);
      assertEquals(OK, get(POD, management, "/health/live"), "it must not be restarted");
      assertEquals(NOT_FOUND, get(POD, management, "/health/ready?stopping=404"), "for HAProxy");
      assertEquals(0, named(events, "done"), "the stream takes longer than all this");
      assertEquals(OK, kept.get("/collections", "", _ -> {}).status());
      assertFalse(kept.isUsable(), "the client is told to connect to another pod");
      assertEquals(OK, ask(SERVICE), "a load balancer has not noticed yet");

      assertEquals(OK, stream.get(1, TimeUnit.MINUTES).status());
      assertEquals(1, named(events, "done"));
      server.process().onExit().get(1, TimeUnit.MINUTES);
      assertThrows(ConnectException.class, () -> ask(SERVICE));
    }
  }

  private static Response post(QueryConnection connection, String body, List<Event> events) {
    try {
      return connection.post("/query", body, events::add);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long named(List<Event> events, String name) {
    return events.stream().filter(event -> event.name().equals(name)).count();
  }

  private int readiness() {
    try {
      return get(POD, management, "/health/ready");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

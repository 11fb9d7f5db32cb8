package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.rig.OllamaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Responses arrive complete through real proxies with their default configuration. */
@Tag("alone")
@Timeout(240)
final class ProxiesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REUSE = "proxy_http_version 1.1; proxy_set_header Connection \"\";";

  private static final List<String> CANDIDATES =
      List.of(
          "What is the lamp L7?",
          "lamp L7 watts",
          "The lamp L7 draws how many watts?",
          "Is the colour temperature of the lamp L7 2700 kelvin?",
          "Does the lamp L7 draw 40 watts? Say yes or no.");

  @RegisterExtension static final Started<OllamaProcess> OLLAMA = Started.by(OllamaProcess::start);

  @TempDir private static Path folder = Path.of("");
  private static final List<RunningServer> SERVER = new ArrayList<>();
  private static final AtomicInteger QUESTIONS = new AtomicInteger();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private record Event(String name, String id, JsonNode data) {}

  @BeforeAll
  static void start() throws IOException {
    SERVER.add(RunningServer.start(folder, OLLAMA.get()));
  }

  @AfterAll
  static void close() {
    SERVER.forEach(RunningServer::close);
  }

  private static String server() {
    return SERVER.getFirst().url();
  }

  private static Path proxyFolder() throws IOException {
    return Files.createTempDirectory(folder, "proxy");
  }

  @Test
  void nginxWithItsDefaults() throws Exception {
    try (LoopbackProcess nginx = Proxies.nginx(proxyFolder(), server(), "")) {
      assertResponsesComeWhole(nginx);
    }
  }

  @Test
  void nginxThatReusesConnections() throws Exception {
    try (LoopbackProcess nginx = Proxies.nginx(proxyFolder(), server(), REUSE)) {
      assertResponsesComeWhole(nginx);
    }
  }

  @Test
  void haproxyWithItsDefaults() throws Exception {
    try (LoopbackProcess haproxy = Proxies.haproxy(proxyFolder(), server())) {
      assertResponsesComeWhole(haproxy);
    }
  }

  private void assertResponsesComeWhole(LoopbackProcess proxy) throws Exception {
    String question = assertMissComesWhole(proxy);
    assertWhole(events(proxy, ask(proxy, question)), true);
    List<Event> unknown = events(proxy, ask(proxy, "Who painted the Sistine Chapel?"));
    assertEquals(
        "unanswerable",
        unknown.getLast().data().path("finish_reason").asText(),
        unknown.toString());
    assertJobIsFollowedToItsEnd(proxy);
    assertStreamIsTakenUpAgain(proxy);
    assertFalse(proxy.log().contains("prematurely"), proxy.log());
  }

  /**
   * Returns a question whose answer is now cached; the small model rambles on some until cut off.
   */
  private String assertMissComesWhole(LoopbackProcess proxy) throws Exception {
    JsonNode last = JSON.nullNode();
    for (String candidate : CANDIDATES) {
      String question = candidate + " " + QUESTIONS.incrementAndGet();
      List<Event> events = events(proxy, ask(proxy, question));
      assertWhole(events, false);
      last = events.getLast().data();
      if (last.path("finish_reason").asText().equals("stop")) {
        return question;
      }
    }
    throw new AssertionError("every answer was cut off, the last one: " + last);
  }

  private static void assertWhole(List<Event> events, boolean isCached) {
    assertEquals("done", events.getLast().name(), events.toString());
    JsonNode done = events.getLast().data();
    assertEquals(isCached, done.path("cached").asBoolean());
    assertEquals(done.path("response").asText(), text(events));
  }

  private static String text(List<Event> events) {
    StringBuilder text = new StringBuilder();
    events.stream()
        .filter(event -> event.name().equals("token"))
        .forEach(event -> text.append(event.data().path("text").asText()));
    return text.toString();
  }

  private void assertJobIsFollowedToItsEnd(LoopbackProcess proxy) throws Exception {
    HttpRequest request =
        post(
            proxy,
            "/collections/default/documents",
            "{\"uri\": \"valve-%d\", \"text\": \"The valve V1 opens at 3 bar.\"}"
                .formatted(QUESTIONS.incrementAndGet()));
    JsonNode job =
        JSON.readTree(http.send(request, BodyHandlers.ofString()).body()).path("jobs").get(0);
    List<Event> events = events(proxy, get(proxy, "/jobs/" + job.path("id").asText() + "/events"));
    assertEquals("end", events.getLast().name(), events.toString());
    assertEquals("done", events.getLast().data().path("state").asText());
  }

  private void assertStreamIsTakenUpAgain(LoopbackProcess proxy) throws Exception {
    String question = "Describe the pump P3 at length, please. " + QUESTIONS.incrementAndGet();
    List<Event> received = new ArrayList<>();
    String id;
    var response = http.send(ask(proxy, question), BodyHandlers.ofInputStream());
    try (InputStream stream = response.body()) {
      id = response.headers().firstValue("X-Request-Id").orElseThrow();
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      while (received.stream().filter(event -> event.name().equals("token")).count() < 3) {
        received.add(Objects.requireNonNull(event(lines)));
      }
    } // closes its connection
    String last = received.getLast().id();
    HttpRequest resume =
        HttpRequest.newBuilder(URI.create(proxy.url() + "/query/" + id + "/events"))
            .header("Last-Event-ID", last)
            .build();
    List<Event> rest = events(proxy, resume);
    assertEquals("done", rest.getLast().name(), rest.toString());
    assertEquals(rest.getLast().data().path("response").asText(), text(received) + text(rest));
  }

  private static String body(String question, boolean isStream) {
    return JSON.createObjectNode().put("query", question).put("stream", isStream).toString();
  }

  private static HttpRequest ask(LoopbackProcess proxy, String question) {
    return post(proxy, "/query", body(question, true));
  }

  private static HttpRequest post(LoopbackProcess proxy, String path, String body) {
    return HttpRequest.newBuilder(URI.create(proxy.url() + path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static HttpRequest get(LoopbackProcess proxy, String path) {
    return HttpRequest.newBuilder(URI.create(proxy.url() + path)).build();
  }

  /** Reads all events of a stream; for an incomplete stream the client fails. */
  private List<Event> events(LoopbackProcess proxy, HttpRequest request) throws Exception {
    String text = http.send(request, BodyHandlers.ofString()).body();
    assertTrue(text.endsWith("\n\n"), proxy.log() + text);
    List<Event> events = new ArrayList<>();
    BufferedReader lines = new BufferedReader(new StringReader(text));
    for (Event event = event(lines); event != null; event = event(lines)) {
      events.add(event);
    }
    return events;
  }

  private static @Nullable Event event(BufferedReader lines) throws IOException {
    String name = "";
    String id = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("id: ")) {
        id = line.substring("id: ".length());
      } else if (line.startsWith("data: ")) {
        return new Event(name, id, JSON.readTree(line.substring("data: ".length())));
      }
    }
    return null;
  }
}

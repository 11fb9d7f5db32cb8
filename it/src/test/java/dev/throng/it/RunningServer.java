package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.app.Wiring;
import dev.throng.bench.rig.MetricsPage;
import dev.throng.bench.rig.OllamaProcess;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.fixtures.Await;
import dev.throng.folder.SyncReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A whole Throng in this process, on a free port, with a few documents of its own. */
public final class RunningServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CollectionRef COLLECTION = new CollectionRef("default", "default");

  /** Short prompts and answers: two cores process some 300 prompt tokens a second. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "server.port", "0",
          "retrieval.top_k", "2",
          "retrieval.passage_tokens", "300",
          "model.name", OllamaProcess.MODEL,
          "model.context_tokens", "1024",
          "model.max_tokens", "300",
          "ollama.slots", "2",
          "model.between_tokens_timeout", "4s");

  /** One server-sent event. */
  record Event(String name, JsonNode data) {}

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Wiring server;
  private final Path documents;

  private RunningServer(Wiring server, Path documents) {
    this.server = server;
    this.documents = documents;
  }

  public static RunningServer start(Path folder, OllamaProcess... backends) throws IOException {
    return start(folder, Map.of(), backends);
  }

  /** As above, with more settings. */
  public static RunningServer start(
      Path folder, Map<String, String> more, OllamaProcess... backends) throws IOException {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("data.dir", folder.resolve("data").toString());
    settings.putAll(more);
    String urls = Arrays.stream(backends).map(OllamaProcess::url).collect(Collectors.joining(","));
    Path documents = documents(folder);
    return start(ConfigLoader.load(null, Map.of("THRONG_OLLAMA_URLS", urls), settings), documents);
  }

  /** A server that only quotes, with the settings of a test. */
  public static RunningServer quoting(Path folder, Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("data.dir", folder.resolve("data").toString());
    settings.put("generator", "extractive");
    settings.putAll(more);
    return start(ConfigLoader.load(null, Map.of(), settings), documents(folder));
  }

  private static RunningServer start(ThrongConfig config, Path documents) {
    RunningServer running = new RunningServer(new Wiring(config), documents);
    running.server.start();
    var _ = running.server.open(COLLECTION);
    // On a busy machine the parser may not be ready in time for the first files.
    Await.until("all documents are read", () -> running.sync().failures().isEmpty());
    return running;
  }

  private static Path documents(Path folder) throws IOException {
    Path documents = Files.createDirectories(folder.resolve("documents"));
    Files.writeString(
        documents.resolve("lamp.md"),
        "# Lamp L7\n\nThe lamp L7 draws 40 watts. Its colour temperature is 2700 kelvin.\n");
    Files.writeString(
        documents.resolve("pump.md"),
        "# Pump P3\n\nThe pump P3 moves 90 litres a minute. Oil it every 500 hours.\n");
    return documents;
  }

  public Path documents() {
    return documents;
  }

  SyncReport sync() {
    return server.sync().sync(COLLECTION, List.of(documents), true, progress -> {});
  }

  /** Asks, and waits for the whole answer. */
  public JsonNode query(String question) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request(question, false), HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  /** Asks for an answer that ends before a stop string. */
  JsonNode queryStoppedAt(String stop, String question) throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("query", question);
    body.putObject("options").put("stop", stop);
    HttpRequest request = request(body);
    return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  public JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(text(path));
  }

  /** Sends a document to the collection, which is published some time later. */
  public void upload(String uri, String text) throws IOException, InterruptedException {
    ObjectNode document = JSON.createObjectNode().put("uri", uri).put("text", text);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/collections/default/documents"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(document.toString()))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(202, response.statusCode(), response.body());
  }

  public CompletableFuture<JsonNode> queryAsync(String question) {
    return http.sendAsync(request(question, false), HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> parse(response.body()));
  }

  /**
   * Asks for an event stream and reads it to its end.
   *
   * @param onEvent receives each event as it arrives
   */
  List<Event> stream(String question, Consumer<Event> onEvent)
      throws IOException, InterruptedException {
    List<Event> events = new ArrayList<>();
    HttpResponse<Stream<String>> response =
        http.send(request(question, true), HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      String name = "";
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          Event event = new Event(name, parse(line.substring(6)));
          events.add(event);
          onEvent.accept(event);
        }
      }
    }
    return events;
  }

  /** The body of a response. */
  public String text(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** The value of a metric, such as {@code throng_flights}, labels included. */
  public double metric(String name) throws IOException, InterruptedException {
    String page = text("/metrics");
    return new MetricsPage(page)
        .value(name)
        .orElseThrow(() -> new AssertionError("no metric " + name + " in\n" + page));
  }

  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    http.shutdownNow();
    server.close();
  }

  private HttpRequest request(String question, boolean isStream) {
    return request(JSON.createObjectNode().put("query", question).put("stream", isStream));
  }

  private HttpRequest request(JsonNode body) {
    return HttpRequest.newBuilder(URI.create(url() + "/query"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }
}

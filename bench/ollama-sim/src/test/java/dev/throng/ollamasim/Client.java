package dev.throng.ollamasim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A plain HTTP client of one simulator. */
final class Client {
  static final String PROMPT =
      "<|im_start|>user\nHow many days?<|im_end|>\n" + SimulatedText.ASSISTANT;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  Client(URI url) {
    this.url = url;
  }

  static ObjectNode raw(String prompt) {
    ObjectNode request = Json.MAPPER.createObjectNode().put("model", "llama3.2:1b");
    return request.put("raw", true).put("prompt", prompt);
  }

  HttpRequest post(String path, JsonNode body) {
    return HttpRequest.newBuilder(url.resolve(path))
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(url.resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build());
  }

  JsonNode json(String path, JsonNode body) throws IOException, InterruptedException {
    return Json.MAPPER.readTree(send(post(path, body)).body());
  }

  /** Runs a generation to its end, in the background. */
  CompletableFuture<HttpResponse<String>> generating(String prompt) {
    return http.sendAsync(post("/api/generate", raw(prompt)), BodyHandlers.ofString());
  }

  /** Runs a generation that is read line by line; closing it hangs up. */
  Lines stream(JsonNode request) throws IOException, InterruptedException {
    return new Lines(http.send(post("/api/generate", request), BodyHandlers.ofLines()).body());
  }

  /** Joins the texts of all lines. */
  static String text(String ndjson) throws IOException {
    StringBuilder text = new StringBuilder();
    for (JsonNode line : lines(ndjson)) {
      text.append(line.path("response").asText());
    }
    return text.toString();
  }

  static List<JsonNode> lines(String ndjson) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : ndjson.lines().toList()) {
      lines.add(Json.MAPPER.readTree(line));
    }
    return lines;
  }

  /** The response of a stream, line by line. */
  static final class Lines implements AutoCloseable {
    private final Stream<String> stream;
    private final Iterator<String> lines;

    private Lines(Stream<String> stream) {
      this.stream = stream;
      this.lines = stream.iterator();
    }

    JsonNode next() throws IOException {
      return Json.MAPPER.readTree(lines.next());
    }

    /** Reads the text of this many lines. */
    String text(int count) throws IOException {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < count; i++) {
        text.append(next().path("response").asText());
      }
      return text.toString();
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}

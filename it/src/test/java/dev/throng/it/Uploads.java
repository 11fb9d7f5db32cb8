package dev.throng.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Uploads documents to a server during faults, and records which were acknowledged. */
final class Uploads {
  /** Settings of a server that makes one chunk of each paragraph, and publishes soon. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "THRONG_INGEST_CHUNK_TOKENS", "32",
          "THRONG_INGEST_OVERLAP_TOKENS", "0",
          "THRONG_INGEST_PUBLISH_INTERVAL", "200ms");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);
  private static final int PARAGRAPHS = 20;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Set<String> acknowledged = new TreeSet<>();
  private String url;
  private String lastAnswer = "";

  Uploads(String url) {
    this.url = url;
  }

  /** Continues with another replica. */
  void moveTo(String otherUrl) {
    this.url = otherUrl;
  }

  /** Sends a document of twenty chunks. Returns the status. */
  int send(String name) throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PARAGRAPHS; i++) {
      text.append("Paragraph %d of %s. ".formatted(i, name));
      text.append("The quick brown fox jumps over the lazy dog near the river. ".repeat(2));
      text.append("\n\n");
    }
    String body = JSON.writeValueAsString(Map.of("uri", name, "text", text.toString()));
    HttpRequest.Builder request =
        request("/collections/default/documents")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() == 202) {
      acknowledged.add(name);
    }
    lastAnswer = response.body();
    return response.statusCode();
  }

  /** Returns the response to the last upload. */
  String lastAnswer() {
    return lastAnswer;
  }

  /** Sends several documents, each of which must be acknowledged. */
  void sendAll(String prefix, int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      String name = prefix + i;
      int status = send(name);
      if (status != 202) {
        throw new AssertionError(name + ": status " + status);
      }
    }
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  List<JsonNode> jobs(String states) throws IOException, InterruptedException {
    List<JsonNode> jobs = new ArrayList<>();
    get("/jobs?limit=1000&state=" + states).path("jobs").forEach(jobs::add);
    return jobs;
  }

  /** Waits until an open job reports what it waits for, and returns that. */
  JsonNode awaitWaitingJob(Duration patience) throws IOException, InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() - until < 0) {
      for (JsonNode job : jobs("open")) {
        if (job.has("waits_for")) {
          return job.path("waits_for");
        }
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new AssertionError("no job reports that it waits: " + jobs(""));
  }

  /** Waits until no job is open, and returns the problems found then; empty if all is well. */
  List<String> problemsAtRest(Duration patience) throws IOException, InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (!isAtRest() && System.nanoTime() - until < 0) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    List<String> problems = new ArrayList<>();
    jobs("open,failed,cancelled").forEach(job -> problems.add("not done: " + job));
    Map<String, Integer> live = new TreeMap<>();
    for (JsonNode document : get("/collections/default/documents?limit=1000").path("documents")) {
      live.merge(document.path("uri").asText(), document.path("chunks").asInt(), Integer::sum);
    }
    for (String name : acknowledged) {
      Integer chunks = live.remove(name);
      if (chunks == null || chunks != PARAGRAPHS) {
        problems.add(name + ": chunks " + chunks);
      }
    }
    live.keySet().forEach(name -> problems.add(name + ": present, but never acknowledged"));
    return problems;
  }

  private boolean isAtRest() throws InterruptedException {
    try {
      JsonNode jobs = get("/jobs?limit=1&state=open");
      return jobs.has("jobs") && jobs.path("jobs").isEmpty();
    } catch (IOException e) {
      return false; // the server is restarting
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(REQUEST_TIMEOUT);
  }
}

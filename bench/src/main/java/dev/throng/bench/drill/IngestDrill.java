package dev.throng.bench.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server is killed repeatedly while documents are sent to it, replaced and deleted. In the end,
 * exactly the acknowledged documents must be searchable: each one once, in its newest edition,
 * complete.
 */
public final class IngestDrill {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PARAGRAPHS = 4;
  private static final Pattern MARK = Pattern.compile("mark(\\d+)e(\\d+)p(\\d+)z");

  /** Every n-th document is replaced, or deleted. */
  private static final int REPLACE_EACH = 5;

  private static final int DELETE_EACH = 7;
  private static final int PAGE = 1_000;
  private static final int SHOWN = 10;

  /** One kill of four happens while the server starts. */
  private static final int KILLS_AT_START = 4;

  private static final int LONGEST_START_MILLIS = 1_500;
  private static final int LONGEST_WORK_MILLIS = 2_500;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LONGEST_REST = Duration.ofMinutes(5);

  /** One chunk per paragraph, and no publish that gathers them all. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "THRONG_INGEST_CHUNK_TOKENS", "32",
          "THRONG_INGEST_OVERLAP_TOKENS", "0",
          "THRONG_INGEST_PUBLISH_INTERVAL", "200ms",
          "THRONG_INGEST_DELETION_GRACE", "1s");

  /**
   * @param kills number of kills, spread over the time in which documents are sent
   */
  public record Plan(int documents, int kills, long seed) {}

  /**
   * The results.
   *
   * @param requests acknowledged: first editions, later ones and deletions together
   * @param problems differences from the acknowledged state
   */
  public record Result(int requests, int live, int chunks, List<String> problems) {
    public boolean isGood() {
      return problems.isEmpty();
    }
  }

  private final Plan plan;
  private final Path folder;
  private final Consumer<String> log;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger killed = new AtomicInteger();

  /** The newest acknowledged edition by document number; without deleted documents. */
  private final Map<Integer, Integer> acknowledged = new TreeMap<>();

  private final int port;
  private int requests;

  /**
   * @param folder empty; holds the server's data and its log
   */
  public IngestDrill(Plan plan, Path folder, Consumer<String> log) throws IOException {
    this.plan = plan;
    this.folder = folder;
    this.log = log;
    this.port = ServerProcess.freePort();
  }

  /** Runs the drill. */
  public Result run() throws IOException, InterruptedException {
    Thread sender = Thread.ofPlatform().name("sender").daemon().start(this::sendAll);
    SplittableRandom random = new SplittableRandom(plan.seed());
    for (int kill = 0; kill < plan.kills(); kill++) {
      startAndKill(random);
      killed.incrementAndGet();
      if ((kill + 1) % 25 == 0) {
        log.accept("%d kills, %d requests acknowledged".formatted(kill + 1, requests));
      }
    }
    try (ServerProcess server = ServerProcess.restarted(folder, port, SETTINGS)) {
      server.awaitReady();
      sender.join();
      awaitRest();
      return check();
    }
  }

  private void startAndKill(SplittableRandom random) throws IOException, InterruptedException {
    ServerProcess server = ServerProcess.restarted(folder, port, SETTINGS);
    try {
      if (random.nextInt(KILLS_AT_START) == 0) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_START_MILLIS));
      } else {
        server.awaitReady();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_WORK_MILLIS));
      }
    } finally {
      server.kill();
    }
  }

  /** Sends the documents during the kills; repeats each request until it is acknowledged. */
  private void sendAll() {
    try {
      for (int number = 0; number < plan.documents(); number++) {
        while (killed.get() < (long) number * plan.kills() / plan.documents()) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
        send(number, 1);
        if (number % REPLACE_EACH == 0) {
          send(number, 2);
        }
        if (number % DELETE_EACH == 0) {
          delete(number);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(int number, int edition) throws InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    body.put("uri", uri(number)).put("text", text(number, edition));
    HttpRequest.Builder request =
        request("/collections/default/documents")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "d%d-%d".formatted(number, edition))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    untilAnswered(request, 202);
    acknowledged.put(number, edition);
    requests++;
  }

  private void delete(int number) throws InterruptedException {
    HttpRequest.Builder request =
        request("/collections/default/documents/" + documentId(number)).DELETE();
    untilAnswered(request, 200, 404); // it may have succeeded although the response was lost
    acknowledged.remove(number);
    requests++;
  }

  private String documentId(int number) throws InterruptedException {
    String found = "";
    while (found.isEmpty()) {
      HttpRequest.Builder jobs = request("/jobs?limit=20").GET();
      for (JsonNode job : untilAnswered(jobs, 200).path("jobs")) {
        if (job.path("uri").asText().equals(uri(number))) {
          found = job.path("document_id").asText();
        }
      }
    }
    return found;
  }

  private JsonNode untilAnswered(HttpRequest.Builder request, Integer... expected)
      throws InterruptedException {
    while (true) {
      try {
        HttpResponse<String> response =
            http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (List.of(expected).contains(response.statusCode())) {
          return JSON.readTree(response.body());
        }
        if (response.statusCode() < 500) {
          throw new IllegalStateException(response.statusCode() + ": " + response.body());
        }
      } catch (IOException e) {
        // killed: the request is sent again
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(REQUEST_TIMEOUT);
  }

  private static String uri(int number) {
    return "document-%05d".formatted(number);
  }

  private static String text(int number, int edition) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PARAGRAPHS; i++) {
      text.append("Paragraph mark%de%dp%dz of this text.".formatted(number, edition, i))
          .append(" The quick brown fox jumps over the lazy dog.\n\n");
    }
    return text.toString();
  }

  private void awaitRest() throws InterruptedException {
    long until = System.nanoTime() + LONGEST_REST.toNanos();
    while (untilAnswered(request("/jobs?state=open&limit=1").GET(), 200).path("jobs").size() > 0) {
      if (System.nanoTime() - until > 0) {
        return; // the check reports what is missing
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private Result check() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    for (JsonNode job :
        untilAnswered(request("/jobs?state=open,failed&limit=1000").GET(), 200).path("jobs")) {
      problems.add("not done: " + job);
    }
    Map<String, Integer> live = documents();
    int chunks = 0;
    for (Map.Entry<Integer, Integer> expected : acknowledged.entrySet()) {
      Integer held = live.remove(uri(expected.getKey()));
      if (held == null) {
        problems.add(uri(expected.getKey()) + ": acknowledged, but missing");
      } else {
        chunks += held;
        checkDocument(expected.getKey(), expected.getValue(), held, problems);
      }
    }
    live.keySet().forEach(uri -> problems.add(uri + ": present, although deleted"));
    return new Result(
        requests, acknowledged.size(), chunks, problems.stream().limit(SHOWN).toList());
  }

  private Map<String, Integer> documents() throws InterruptedException {
    Map<String, Integer> documents = new TreeMap<>();
    String after = "";
    do {
      JsonNode page =
          untilAnswered(
              request("/collections/default/documents?limit=%d&after=%s".formatted(PAGE, after))
                  .GET(),
              200);
      for (JsonNode document : page.path("documents")) {
        documents.merge(
            document.path("uri").asText(), document.path("chunks").asInt(), Integer::sum);
      }
      after = page.path("next").asText("");
    } while (!after.isEmpty());
    return documents;
  }

  /** Checks that each paragraph of the newest edition is found once, and no other text of it. */
  private void checkDocument(int number, int edition, int chunks, List<String> problems)
      throws InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("query", "Paragraph of this text");
    body.put("top_k", 50);
    body.putObject("filter").putObject("eq").put("uri", uri(number));
    HttpRequest.Builder search =
        request("/search")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < PARAGRAPHS; i++) {
      expected.add("mark%de%dp%dz".formatted(number, edition, i));
    }
    List<String> found = new ArrayList<>();
    JsonNode results = untilAnswered(search, 200).path("results");
    for (JsonNode result : results) {
      Matcher mark = MARK.matcher(result.path("text").asText());
      while (mark.find()) {
        found.add(mark.group());
      }
    }
    found.sort(null);
    if (!found.equals(expected) || results.size() != chunks) {
      problems.add(
          "%s: %d chunks, found %s (expected: %s)".formatted(uri(number), chunks, found, expected));
    }
  }
}

package dev.throng.bench.drill.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.rig.Cluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document is edited through one replica again and again, while the others serve what it says
 * from their caches; in between the shared cache fails over and a replica is frozen. Whoever asks
 * after an edit was reported as done must see it, or one after it.
 */
final class Edits {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Its answer ends with its first word: how fast a model writes is not what this is about. */
  private static final String QUESTION =
      """
      {"query": "Which edition of the zeppelin manual is in force?", "options": {"stop": [" ", "."]}}\
      """;

  private static final Pattern EDITION = Pattern.compile("zeppelin manual is edition (\\d+)");
  private static final int SHOWN = 5;
  private static final int CLIENTS = 4;
  private static final int HITS = 20;

  /** A frozen replica misses so many. */
  private static final int FROZEN_EDITS = 3;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /**
   * What came of it.
   *
   * @param answers that were given as current
   * @param cached of those
   * @param old of those, the ones from before an edit that was done when they were asked for
   * @param failed requests that got no answer
   * @param doneP50Millis from the request to read the file to its report, while all is well
   */
  record Result(
      int edits,
      int answers,
      int cached,
      int old,
      int failed,
      double doneP50Millis,
      double doneP99Millis,
      List<String> problems) {
    boolean isGood() {
      return old == 0 && cached > 0 && answers > edits;
    }
  }

  private final Cluster cluster;
  private final Path file;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger cached = new AtomicInteger();
  private final AtomicInteger old = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

  /**
   * @param folder for the document
   */
  Edits(Cluster cluster, Path folder) {
    this.cluster = cluster;
    this.file = folder.resolve("zeppelin.md").toAbsolutePath();
  }

  /**
   * @param edits while all is well, and again as many with failures between them
   */
  Result run(int edits) throws IOException, InterruptedException {
    edit(1);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      URI replica = cluster.replica(2 + i % 2);
      clients.add(Thread.ofVirtual().start(() -> askUntilOver(replica)));
    }
    List<Double> times = new ArrayList<>();
    int edition = 1;
    for (int i = 0; i < edits; i++) {
      times.add(edit(++edition));
      awaitHits();
    }
    for (int i = 0; i < edits; i++) {
      disturb(i, edits);
      edit(++edition);
      awaitHits();
    }
    isOver.set(true);
    for (Thread client : clients) {
      client.join();
    }
    times.sort(Comparator.naturalOrder());
    return new Result(
        edition,
        answers.get(),
        cached.get(),
        old.get(),
        failed.get(),
        times.get(times.size() / 2),
        times.get((int) Math.ceil(0.99 * times.size()) - 1),
        problems.stream().limit(SHOWN).toList());
  }

  /** Until the last edition is served from a cache: what is not cached cannot be old. */
  private void awaitHits() throws InterruptedException {
    long start = System.nanoTime();
    int before = cached.get();
    while (cached.get() < before + HITS && System.nanoTime() - start < LONGEST_WAIT.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private void disturb(int step, int of) throws IOException, InterruptedException {
    if (step == 0) {
      cluster.kill("redis2");
    } else if (step == of / 4) {
      cluster.up("redis2");
    } else if (step == of / 2) {
      cluster.freeze("throng3");
    } else if (step == Math.min(of / 2 + FROZEN_EDITS, of - 1)) {
      cluster.thaw("throng3");
    }
  }

  /** Writes the next edition and has it read; returns how long the reading took, in ms. */
  private double edit(int edition) throws IOException, InterruptedException {
    Files.writeString(
        file, "# Zeppelin manual\n\nThe zeppelin manual is edition %d.\n".formatted(edition));
    String body =
        JSON.createObjectNode()
            .set("paths", JSON.createArrayNode().add(file.toString()))
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(cluster.replica(1).resolve("/admin/ingest"))
            .header("Authorization", "Bearer cluster")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    long start = System.nanoTime();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200 || response.body().contains("\"code\"")) {
        throw new IOException("edition %d: %s".formatted(edition, response.body()));
      }
    }
    done.set(edition);
    return (System.nanoTime() - start) / 1e6;
  }

  private void askUntilOver(URI replica) {
    while (!isOver.get()) {
      int known = done.get();
      try {
        JsonNode answer = Client.post(replica, QUESTION);
        if (!answer.path("stale").asBoolean()) {
          judge(answer, known);
        }
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (IOException e) {
        failed.incrementAndGet();
        problems.add(e.toString());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void judge(JsonNode answer, int known) {
    answers.incrementAndGet();
    if (answer.path("cached").asBoolean()) {
      cached.incrementAndGet();
    }
    int newest = 0;
    for (JsonNode source : answer.path("sources")) {
      Matcher edition = EDITION.matcher(source.path("text").asText());
      if (edition.find()) {
        newest = Math.max(newest, Integer.parseInt(edition.group(1)));
      }
    }
    if (newest < known) {
      old.incrementAndGet();
      problems.add("edition %d after %d was done".formatted(newest, known));
    }
  }
}

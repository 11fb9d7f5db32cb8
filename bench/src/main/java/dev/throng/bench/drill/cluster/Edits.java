package dev.throng.bench.drill.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.Cluster;
import dev.throng.bench.rig.IngestRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document is edited repeatedly through one replica, while the others serve it from their caches.
 * In between, the shared cache fails over and a replica is frozen. A question asked after an edit
 * was reported as done must see that edit, or a later one.
 */
final class Edits {

  /** The answer ends with its first word, because the model's speed is irrelevant here. */
  private static final String QUESTION =
      """
      {"query": "Which edition of the zeppelin manual is in force?", "options": {"stop": [" ", "."]}}\
      """;

  private static final Pattern EDITION = Pattern.compile("zeppelin manual is edition (\\d+)");
  private static final int SHOWN = 5;
  private static final int CLIENTS = 4;
  private static final int HITS = 20;

  /** The edits that a frozen replica misses. */
  private static final int FROZEN_EDITS = 3;

  /** A machine that serves nothing from a cache for this long after an edit proves nothing. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /**
   * The results.
   *
   * @param edits completed edits
   * @param answers answers that were labelled as current
   * @param cached those of them that came from a cache
   * @param old those of them that were older than an edit completed before the question
   * @param lacking those of them without any passage of the document, new or old
   * @param failed requests without an answer
   * @param answerP50Millis from a question to an uncached answer
   * @param doneP50Millis from the request to read the file to its report, without failures
   * @param tooSlow why the machine was too slow for a verdict; "" if it was not
   * @param problems some of the problems, as text
   */
  record Result(
      int edits,
      int answers,
      int cached,
      int old,
      int lacking,
      int failed,
      double answerP50Millis,
      double doneP50Millis,
      double doneP99Millis,
      String tooSlow,
      List<String> problems) {
    /** Whether no client received a wrong answer. */
    boolean isGood() {
      return old == 0 && lacking == 0;
    }

    /** Whether enough questions were asked for a verdict. */
    boolean isConclusive() {
      return tooSlow.isEmpty();
    }
  }

  private final Cluster cluster;
  private final Path file;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger cached = new AtomicInteger();
  private final AtomicInteger old = new AtomicInteger();
  private final AtomicInteger lacking = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Double> uncachedMillis = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private String tooSlow = "";

  /**
   * @param folder for the document
   */
  Edits(Cluster cluster, Path folder) {
    this.cluster = cluster;
    this.file = folder.resolve("zeppelin.md").toAbsolutePath();
  }

  /**
   * @param edits without failures, and the same number again with failures between them
   */
  Result run(int edits) throws IOException, InterruptedException {
    edit(1);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      URI replica = cluster.replica(2 + i % 2);
      clients.add(Thread.ofVirtual().start(() -> askUntilOver(replica)));
    }
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < 2 * edits && tooSlow.isEmpty(); i++) {
      boolean isDisturbed = i >= edits;
      if (isDisturbed) {
        disturb(i - edits, edits);
      }
      double millis = edit(done.get() + 1);
      if (!isDisturbed) {
        times.add(millis);
      }
      awaitHits();
    }
    isOver.set(true);
    for (Thread client : clients) {
      client.join();
    }
    if (tooSlow.isEmpty() && answers.get() <= done.get()) {
      tooSlow = "%d answers while there were %d edits".formatted(answers.get(), done.get());
    }
    return new Result(
        done.get(),
        answers.get(),
        cached.get(),
        old.get(),
        lacking.get(),
        failed.get(),
        quantile(List.copyOf(uncachedMillis), 0.5),
        quantile(times, 0.5),
        quantile(times, 0.99),
        tooSlow,
        problems.stream().limit(SHOWN).toList());
  }

  private static double quantile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }

  /**
   * Waits until the newest edition is served from a cache, because an uncached answer cannot be
   * old. The time depends on the machine, but is bounded.
   */
  private void awaitHits() throws InterruptedException {
    long start = System.nanoTime();
    int before = cached.get();
    while (cached.get() < before + HITS && System.nanoTime() - start < LONGEST_WAIT.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    if (cached.get() == before) {
      tooSlow =
          "no answer came from a cache for %d s after edition %d; one without a cache takes %.1f s"
              .formatted(
                  LONGEST_WAIT.toSeconds(),
                  done.get(),
                  quantile(List.copyOf(uncachedMillis), 0.5) / 1e3);
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

  /** Writes the next edition and ingests it; returns how long the ingest took, in ms. */
  private double edit(int edition) throws IOException, InterruptedException {
    Files.writeString(
        file, "# Zeppelin manual\n\nThe zeppelin manual is edition %d.\n".formatted(edition));
    HttpRequest request = IngestRequest.of(cluster.replica(1), Cluster.OPERATOR_TOKEN, file);
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
      long start = System.nanoTime();
      try {
        JsonNode answer = Client.post(replica, QUESTION);
        if (!answer.path("stale").asBoolean()) {
          judge(answer, known, replica);
        }
        if (!answer.path("cached").asBoolean()) {
          uncachedMillis.add((System.nanoTime() - start) / 1e6);
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

  private void judge(JsonNode answer, int known, URI replica) {
    answers.incrementAndGet();
    if (answer.path("cached").asBoolean()) {
      cached.incrementAndGet();
    }
    int newest = 0;
    List<String> uris = new ArrayList<>();
    for (JsonNode source : answer.path("sources")) {
      uris.add(source.path("uri").asText());
      Matcher edition = EDITION.matcher(source.path("text").asText());
      if (edition.find()) {
        newest = Math.max(newest, Integer.parseInt(edition.group(1)));
      }
    }
    if (newest == 0) {
      lacking.incrementAndGet();
      problems.add(
          "no passage of the document after edition %d was done, at %s: sources %s, answer \"%s\", degradation %s"
              .formatted(
                  known,
                  replica,
                  uris,
                  answer.path("response").asText(),
                  answer.path("degradation")));
    } else if (newest < known) {
      old.incrementAndGet();
      problems.add("edition %d after %d was done, at %s".formatted(newest, known, replica));
    }
  }
}

package dev.throng.bench.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The documents of a folder are uploaded to a real server, repeatedly, and deleted in between. Each
 * must end in time, the server must survive, and its heap after a collection must not grow.
 */
public final class HostileDrill {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BOUNDARY = "throng-hostile-drill";
  private static final Duration LONGEST_PASS = Duration.ofMinutes(30);
  private static final int PAGE = 1_000;

  /** Passes in which caches fill and classes are loaded. */
  private static final int WARM_UPS = 1;

  /** The growth up to which a heap counts as flat: a collection does not find all garbage. */
  private static final double MAX_GROWTH = 0.1;

  /**
   * One pass over the folder.
   *
   * @param outcomes number of documents that ended with each code, including "done"
   * @param longest time from a job's start to its end
   * @param heapBytes heap of the server after a collection
   */
  public record Pass(Map<String, Integer> outcomes, Duration longest, long heapBytes) {}

  /** The results of all passes. */
  public record Result(List<Pass> passes) {
    public Duration longest() {
      return passes.stream().map(Pass::longest).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** The growth of the heap from the first pass after the warm-up to the last one. */
    public double growth() {
      int first = Math.min(WARM_UPS, passes.size() - 1);
      return passes.getLast().heapBytes() / (double) passes.get(first).heapBytes() - 1;
    }

    public boolean isGood(Duration limit) {
      return growth() <= MAX_GROWTH && longest().compareTo(limit) <= 0;
    }
  }

  private final Path documents;
  private final int passes;
  private final Path folder;
  private final Consumer<Pass> onPass;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private String url = "";

  /**
   * @param documents the folder that is sent
   * @param folder empty; holds the server's data and its log
   * @param onPass receives each pass when it is over
   */
  public HostileDrill(Path documents, int passes, Path folder, Consumer<Pass> onPass) {
    this.documents = documents;
    this.passes = passes;
    this.folder = folder;
    this.onPass = onPass;
  }

  /**
   * Runs the drill.
   *
   * @throws IOException also when the server dies
   */
  public Result run() throws IOException, InterruptedException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(documents)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    List<Pass> done = new ArrayList<>();
    try (ServerProcess server =
        ServerProcess.restarted(folder, ServerProcess.freePort(), Map.of())) {
      server.awaitReady();
      url = server.url();
      for (int i = 0; i < passes; i++) {
        Pass pass = pass(server, files);
        done.add(pass);
        onPass.accept(pass);
      }
    }
    return new Result(done);
  }

  private Pass pass(ServerProcess server, List<Path> files)
      throws IOException, InterruptedException {
    Map<String, Integer> outcomes = new TreeMap<>();
    List<String> jobs = new ArrayList<>();
    for (Path file : files) {
      JsonNode answer = upload(file);
      if (answer.path("jobs").isEmpty()) {
        outcomes.merge(answer.path("code").asText(), 1, Integer::sum);
      }
      answer.path("jobs").forEach(job -> jobs.add(job.path("id").asText()));
    }
    Duration longest = Duration.ZERO;
    for (String id : jobs) {
      JsonNode job = ended(id);
      String code = job.path("error").path("code").asText(job.path("state").asText());
      outcomes.merge(code, 1, Integer::sum);
      Instant start = Instant.parse(job.path("started_at").asText());
      Duration took = Duration.between(start, Instant.parse(job.path("finished_at").asText()));
      longest = took.compareTo(longest) > 0 ? took : longest;
    }
    deleteAll();
    return new Pass(outcomes, longest, server.liveHeapBytes());
  }

  private JsonNode upload(Path file) throws IOException, InterruptedException {
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
            .formatted(BOUNDARY, file.getFileName());
    HttpRequest.Builder request =
        request("/collections/default/documents")
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(
                HttpRequest.BodyPublishers.concat(
                    HttpRequest.BodyPublishers.ofString(head),
                    HttpRequest.BodyPublishers.ofFile(file),
                    HttpRequest.BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n")));
    return answer(request);
  }

  private JsonNode ended(String id) throws IOException, InterruptedException {
    long until = System.nanoTime() + LONGEST_PASS.toNanos();
    while (System.nanoTime() - until < 0) {
      JsonNode job = answer(request("/jobs/" + id).GET());
      if (job.has("finished_at")) {
        return job;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException("job %s has not ended within %s".formatted(id, LONGEST_PASS));
  }

  private void deleteAll() throws IOException, InterruptedException {
    JsonNode page = answer(request("/collections/default/documents?limit=" + PAGE).GET());
    for (JsonNode document : page.path("documents")) {
      var _ =
          answer(
              request("/collections/default/documents/" + document.path("id").asText()).DELETE());
    }
  }

  private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    String body = http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    return JSON.readTree(body.isEmpty() ? "{}" : body);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(LONGEST_PASS);
  }
}

package dev.throng.bench;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.Questions;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hits on hot questions while documents are published, compared with none published. */
@Command(
    name = "publish",
    description = "Hits on hot questions with one publish per second, compared with none.")
final class PublishBench implements Callable<Integer> {
  private static final Duration BETWEEN_PUBLISHES = Duration.ofSeconds(1);

  @Option(names = "--questions", description = "Hot questions (default: ${DEFAULT-VALUE}).")
  private int questions = 500;

  @Option(names = "--seconds", description = "Length of a run (default: ${DEFAULT-VALUE}).")
  private int seconds = 8;

  @Option(names = "--rounds", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds = 4;

  @Option(names = "--connections", description = "Connections (default: ${DEFAULT-VALUE}).")
  private int connections = 256;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Home.temporary("publish");
    List<String> bodies = Questions.bodies(questions);
    List<Double> ratios = new ArrayList<>();
    try (ServerProcess throng = ServerProcess.throng(folder, Map.of())) {
      for (String body : bodies) {
        throng.post("/query", body);
      }
      Wrk wrk = new Wrk(folder, "/query", bodies, connections, 0);
      wrk.run(throng.url(), seconds); // warms up
      for (int round = 0; round < rounds; round++) {
        Wrk.Load quiet = wrk.run(throng.url(), seconds);
        Wrk.Load busy;
        AtomicInteger published = new AtomicInteger();
        Thread publisher =
            Thread.ofPlatform()
                .name("publisher")
                .start(() -> publishUntilInterrupted(throng, folder, published));
        try {
          busy = wrk.run(throng.url(), seconds);
        } finally {
          publisher.interrupt();
          publisher.join();
        }
        ratios.add(busy.requestsPerSecond() / quiet.requestsPerSecond());
        System.out.printf(
            "  quiet %,9.0f/s p99 %6.1f ms   with %d publishes %,9.0f/s p99 %6.1f ms, %d errors%n",
            quiet.requestsPerSecond(),
            quiet.p99Millis(),
            published.get(),
            busy.requestsPerSecond(),
            busy.p99Millis(),
            busy.errors());
      }
    }
    System.out.println(
        "hits with a publish a second / quiet  " + Medians.spread(ratios) + "  bar >= 0.50");
    return 0;
  }

  private static void publishUntilInterrupted(
      ServerProcess throng, Path folder, AtomicInteger published) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Path notice = folder.resolve("notice.md");
      HttpRequest request = throng.ingestRequest(folder, notice);
      while (true) {
        long next = System.nanoTime() + BETWEEN_PUBLISHES.toNanos();
        int n = published.get() + 1;
        Files.writeString(notice, "# Notice\n\nNotice number %d hangs at the gate.\n".formatted(n));
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
          throw new IOException(response.body());
        }
        published.set(n);
        Thread.sleep(Duration.ofNanos(Math.max(1, next - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the run is over
    } catch (IOException e) {
      throw new IllegalStateException("a publish failed", e);
    }
  }
}

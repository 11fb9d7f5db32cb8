package dev.throng.bench.load;

import dev.throng.bench.rig.MetricsPage;
import dev.throng.core.Periodic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server's own figures during a load test, from its metrics. */
final class ServerSamples implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final double MEBIBYTE = 1 << 20;

  /** Outcomes that need no new generation, and all outcomes with an answer. */
  private static final List<String> REUSED = List.of("hit", "revalidated", "followed");

  private static final List<String> ANSWERED =
      List.of("hit", "revalidated", "followed", "generated", "degraded", "unanswerable");

  /**
   * Figures at one time.
   *
   * @param at seconds since the start
   * @param generating generations that run at backends
   * @param waiting questions that wait for a backend or a search
   * @param cpuSeconds that the server has used since its start
   * @param answers that it has given since its start
   * @param reused those of them that needed no new generation
   */
  record Sample(
      double at,
      double inFlight,
      double generating,
      double waiting,
      double residentMib,
      double cpuSeconds,
      double answers,
      double reused) {}

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI metrics;
  private final long startNanos = System.nanoTime();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final Periodic periodic;

  ServerSamples(URI server) {
    this.metrics = server.resolve("/metrics");
    take();
    this.periodic = Periodic.start("load-samples", INTERVAL, this::take);
  }

  List<Sample> samples() {
    return List.copyOf(samples);
  }

  private void take() {
    try {
      MetricsPage page =
          new MetricsPage(
              http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body());
      samples.add(
          new Sample(
              (System.nanoTime() - startNanos) / 1e9,
              page.sum("throng_http_in_flight"),
              page.sum("throng_generations_running"),
              page.sum("throng_generations_waiting") + page.sum("throng_retrievals_waiting"),
              page.sum("process_resident_memory_bytes") / MEBIBYTE,
              page.sum("process_cpu_seconds_total"),
              answers(page, ANSWERED),
              answers(page, REUSED)));
    } catch (IOException e) {
      return; // the next one may succeed; a gap shows in the report
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double answers(MetricsPage page, List<String> outcomes) {
    return outcomes.stream()
        .map("throng_question_duration_seconds_count{outcome=\"%s\"}"::formatted)
        .mapToDouble(series -> page.value(series).orElse(0))
        .sum();
  }

  @Override
  public void close() {
    periodic.close();
    take(); // the last figures, above all the CPU time
    http.close();
  }
}

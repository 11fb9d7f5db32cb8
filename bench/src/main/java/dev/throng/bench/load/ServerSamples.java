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
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

/** The servers' own figures during a load test, from their metrics. */
final class ServerSamples implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final double MEBIBYTE = 1 << 20;

  /** Outcomes that need no new generation, and all outcomes with an answer. */
  private static final List<String> REUSED = List.of("hit", "revalidated", "followed");

  private static final List<String> ANSWERED =
      List.of("hit", "revalidated", "followed", "generated", "degraded", "unanswerable");

  /**
   * Figures of all servers together, at one time.
   *
   * @param at seconds since the start
   * @param generating generations that run at backends
   * @param waiting questions that wait for a backend or a search
   * @param cpuSeconds that were used since the start of the servers, or of this test if one started
   *     again
   * @param answers that were given since then
   * @param reused those of them that needed no new generation
   */
  record Sample(
      double at,
      double inFlight,
      double generating,
      double waiting,
      double cpuSeconds,
      double answers,
      double reused,
      Resources resources) {}

  /**
   * What should not grow while the load is steady.
   *
   * @param nativeMib resident memory outside of the JVM's own
   * @param heapPercent of its maximum, after the last collection
   * @param sharedMib what is stored in what the servers share, by name
   */
  record Resources(
      double residentMib,
      double nativeMib,
      double heapPercent,
      double threads,
      double openFiles,
      Map<String, Double> sharedMib) {
    Resources {
      sharedMib = Map.copyOf(sharedMib);
    }
  }

  /** A counter that continues where it was when its server starts again. */
  private static final class Counter {
    private double last;
    private double total;

    double at(double value) {
      total += value < last ? value : value - last;
      last = value;
      return total;
    }
  }

  private final class Server {
    private final URI metrics;
    private final Counter cpu = new Counter();
    private final Counter answers = new Counter();
    private final Counter reused = new Counter();
    private MetricsPage page = new MetricsPage("");

    Server(URI server) {
      this.metrics = server.resolve("/metrics");
    }

    /** Reads its metrics; while it cannot be reached, its counters stay, and its gauges are 0. */
    void read() throws InterruptedException {
      HttpRequest request = HttpRequest.newBuilder(metrics).timeout(TIMEOUT).build();
      try {
        page = new MetricsPage(http.send(request, BodyHandlers.ofString()).body());
        var _ = cpu.at(page.sum("process_cpu_seconds_total"));
        var _ = answers.at(answers(page, ANSWERED));
        var _ = reused.at(answers(page, REUSED));
      } catch (IOException e) {
        page = new MetricsPage("");
      }
    }

    double gauge(String metric) {
      return page.sum(metric);
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final LoadSite site;
  private final List<Server> servers;
  private final long startNanos = System.nanoTime();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final Periodic periodic;

  ServerSamples(LoadSite site) {
    this.site = site;
    this.servers = site.servers().stream().map(Server::new).toList();
    take();
    this.periodic = Periodic.start("load-samples", INTERVAL, this::take);
  }

  List<Sample> samples() {
    return List.copyOf(samples);
  }

  private void take() {
    try {
      for (Server server : servers) {
        server.read();
      }
      samples.add(
          new Sample(
              (System.nanoTime() - startNanos) / 1e9,
              gauges("throng_http_in_flight"),
              gauges("throng_generations_running"),
              gauges("throng_generations_waiting") + gauges("throng_retrievals_waiting"),
              sum(server -> server.cpu.total),
              sum(server -> server.answers.total),
              sum(server -> server.reused.total),
              resources()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Resources resources() {
    return new Resources(
        gauges("process_resident_memory_bytes") / MEBIBYTE,
        gauges("throng_native_memory_bytes") / MEBIBYTE,
        100 * gauges("jvm_memory_usage_after_gc") / servers.size(),
        gauges("jvm_threads_live_threads"),
        gauges("process_files_open_files"),
        site.sharedMib());
  }

  private double gauges(String metric) {
    return sum(server -> server.gauge(metric));
  }

  private double sum(ToDoubleFunction<Server> figure) {
    return servers.stream().mapToDouble(figure).sum();
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

package dev.throng.bench;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A cached /query, compared with a static file of nginx and a bare Helidon handler. */
@Command(
    name = "hit",
    description = "Cached /query against nginx's static file and a bare Helidon handler.")
final class HitBench implements Callable<Integer> {
  private static final String QUESTION =
      "{\"query\":\"If I drive my own car on business, how much do I get per kilometre?\"}";
  private static final double FIXED_RATE_SHARE = 0.7;
  private static final int STREAMED_HITS = 300;

  @Option(names = "--seconds", description = "Length of a run (default: ${DEFAULT-VALUE}).")
  private int seconds = 6;

  @Option(names = "--rounds", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--connections", description = "Connections (default: ${DEFAULT-VALUE}).")
  private int connections = 256;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Home.temporary("hit");
    try (ServerProcess throng = ServerProcess.throng(folder, Map.of())) {
      throng.post("/query", QUESTION);
      Path body = Files.write(folder.resolve("answer.json"), throng.post("/query", QUESTION));
      try (ServerProcess bare = ServerProcess.bare(folder, body);
          ServerProcess nginx = ServerProcess.nginx(folder, body)) {
        System.out.printf(
            "Cached answer of %d bytes, %d connections, %d rounds of %d s each%n",
            Files.size(body), connections, rounds, seconds);
        double rate = throughput(folder, throng, bare, nginx);
        fixedRate(folder, throng, bare, rate * FIXED_RATE_SHARE);
        streamed(throng);
      }
    }
    return 0;
  }

  /** Returns Throng's requests per second. */
  private double throughput(
      Path folder, ServerProcess throng, ServerProcess bare, ServerProcess nginx)
      throws IOException, InterruptedException {
    Wrk wrk = new Wrk(folder, "/query", List.of(QUESTION), connections, 0);
    wrk.run(throng.url(), seconds); // warms up
    wrk.run(bare.url(), seconds);
    List<Double> ours = new ArrayList<>();
    List<Double> againstNginx = new ArrayList<>();
    List<Double> againstBare = new ArrayList<>();
    List<Double> allocation = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Wrk.Load ofNginx = wrk.run(nginx.url(), seconds);
      Counted ofBare = counted(wrk, bare);
      Counted ofThrong = counted(wrk, throng);
      checkNoErrors(ofNginx, ofBare.load(), ofThrong.load());
      ours.add(ofThrong.load().requestsPerSecond());
      againstNginx.add(ofThrong.load().requestsPerSecond() / ofNginx.requestsPerSecond());
      againstBare.add(ofThrong.load().requestsPerSecond() / ofBare.load().requestsPerSecond());
      allocation.add(ofThrong.bytesARequest() / ofBare.bytesARequest());
      System.out.printf(
          "  nginx %,9.0f/s   bare Helidon %,9.0f/s, %,6.0f bytes each   Throng %,9.0f/s, %,6.0f bytes each%n",
          ofNginx.requestsPerSecond(),
          ofBare.load().requestsPerSecond(),
          ofBare.bytesARequest(),
          ofThrong.load().requestsPerSecond(),
          ofThrong.bytesARequest());
    }
    System.out.println(
        "throughput / nginx         " + Medians.spread(againstNginx) + "  bar >= 0.70");
    System.out.println(
        "throughput / bare Helidon  " + Medians.spread(againstBare) + "  bar >= 0.75");
    System.out.println(
        "allocation / bare Helidon  " + Medians.spread(allocation) + "  bar <= 1.50");
    return Medians.of(ours);
  }

  private void fixedRate(Path folder, ServerProcess throng, ServerProcess bare, double rate)
      throws IOException, InterruptedException {
    // Each connection sends a request every connections / rate seconds; the answer takes little of
    // that.
    double thinkMillis = 1e3 * connections / rate;
    Wrk wrk = new Wrk(folder, "/query", List.of(QUESTION), connections, thinkMillis);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Wrk.Load ofBare = wrk.run(bare.url(), seconds);
      Wrk.Load ofThrong = wrk.run(throng.url(), seconds);
      checkNoErrors(ofBare, ofThrong);
      ratios.add(ofThrong.p99Millis() / ofBare.p99Millis());
      System.out.printf(
          "  bare Helidon %,9.0f/s p99 %6.2f ms   Throng %,9.0f/s p99 %6.2f ms%n",
          ofBare.requestsPerSecond(),
          ofBare.p99Millis(),
          ofThrong.requestsPerSecond(),
          ofThrong.p99Millis());
    }
    System.out.printf(
        "p99 at %,.0f/s / bare       %s  bar <= 1.50%n", rate, Medians.spread(ratios));
  }

  /** One client on one connection: a write that waits for an acknowledgement would show here. */
  private static void streamed(ServerProcess throng) throws IOException {
    List<Double> plain = new ArrayList<>();
    List<Double> streamed = new ArrayList<>();
    String asStream = QUESTION.replace("{", "{\"stream\":true,");
    try (QueryConnection connection = new QueryConnection(URI.create(throng.url()))) {
      for (int i = 0; i < STREAMED_HITS; i++) {
        plain.add(millis(connection, QUESTION));
        streamed.add(millis(connection, asStream));
      }
    }
    System.out.printf(
        "one client, as JSON p50     %.2f ms; as an event stream p50 %.2f ms  bar <= 2.00 ms%n",
        Medians.of(plain), Medians.of(streamed));
  }

  private static double millis(QueryConnection connection, String body) throws IOException {
    long start = System.nanoTime();
    var _ = connection.post("/query", body, event -> {});
    return (System.nanoTime() - start) / 1e6;
  }

  private record Counted(Wrk.Load load, double bytesARequest) {}

  private Counted counted(Wrk wrk, ServerProcess server) throws IOException, InterruptedException {
    long before = server.allocatedBytes();
    Wrk.Load load = wrk.run(server.url(), seconds);
    long allocated = server.allocatedBytes() - before;
    return new Counted(load, allocated / (load.requestsPerSecond() * seconds));
  }

  private static void checkNoErrors(Wrk.Load... loads) throws IOException {
    for (Wrk.Load load : loads) {
      if (load.errors() > 0) {
        throw new IOException(load.errors() + " responses failed");
      }
    }
  }
}

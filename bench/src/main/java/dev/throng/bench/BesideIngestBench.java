package dev.throng.bench;

import dev.throng.bench.rig.Documents;
import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.Latencies;
import dev.throng.bench.rig.Questions;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Different searches at a steady rate: while the server is otherwise idle, and during an ingest.
 */
@Command(
    name = "beside-ingest",
    description = "Uncached /search at a steady rate during a full ingest, against an idle server.")
final class BesideIngestBench implements Callable<Integer> {
  private static final double BAR = 2;
  private static final double NANOS_A_MILLI = 1e6;
  private static final long NANOS_A_SECOND = 1_000_000_000;
  private static final int MAX_QUESTIONS = 100_000;
  private static final int WARM_UP_PER_SECOND = 50;
  private static final int SETTLE_SECONDS = 3;
  private static final int DOCUMENTS_A_SECOND = 7;

  @Option(
      names = "--corpus",
      paramLabel = "FILE",
      description = "corpus.jsonl of a BEIR set to ingest (default: generated from the handbook).")
  private @Nullable Path corpus;

  @Option(names = "--rate", description = "Searches per second (default: ${DEFAULT-VALUE}).")
  private int perSecond = 10;

  @Option(names = "--seconds", description = "Length of a run (default: ${DEFAULT-VALUE}).")
  private int seconds = 20;

  @Option(names = "--rounds", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  private record Latencies(List<Double> millis) {
    double quantile(double share) {
      List<Double> sorted = millis.stream().sorted().toList();
      return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    Path folder = Home.temporary("beside-ingest");
    List<Double> medians = new ArrayList<>();
    List<Double> tails = new ArrayList<>();
    Map<String, String> uncached = Map.of("THRONG_EMBEDDER_QUERY_CACHE_ENTRIES", "0");
    try (ServerProcess throng = ServerProcess.throng(folder, uncached);
        HttpClient http = HttpClient.newHttpClient()) {
      Searches searches = new Searches(throng, Questions.bodies(MAX_QUESTIONS).iterator());
      searches.run(WARM_UP_PER_SECOND, seconds);
      for (int round = 0; round < rounds; round++) {
        Latencies idle = searches.run(perSecond, seconds);
        Path files = folder.resolve("documents-" + round);
        int count = seconds * DOCUMENTS_A_SECOND; // more than is ingested during the measurement
        Documents.write(files, corpus, round * count, count);
        CompletableFuture<HttpResponse<String>> ingest = ingest(http, throng, folder, files);
        searches.run(perSecond, SETTLE_SECONDS); // until the parsers run
        OtherLoad others = OtherLoad.begin(throng.process());
        Latencies busy = searches.run(perSecond, seconds);
        double othersShare = others.share();
        boolean isOver = ingest.isDone();
        String report = ingest.get().body();
        if (isOver || ingest.get().statusCode() != 200) {
          throw new IOException("the ingest ended too early: " + report);
        }
        medians.add(busy.quantile(0.5) / idle.quantile(0.5));
        tails.add(busy.quantile(0.99) / idle.quantile(0.99));
        System.out.printf(
            "  idle p50 %5.1f ms p99 %5.1f ms   beside ingest p50 %5.1f ms p99 %5.1f ms   other programs %2.0f %%%n",
            idle.quantile(0.5),
            idle.quantile(0.99),
            busy.quantile(0.5),
            busy.quantile(0.99),
            100 * othersShare);
      }
    }
    System.out.println("p50 beside ingest / idle  " + Medians.spread(medians));
    System.out.printf("p99 beside ingest / idle  %s  bar <= %.2f%n", Medians.spread(tails), BAR);
    return Medians.of(tails) <= BAR ? 0 : 1;
  }

  /** Searches that are all different. */
  private record Searches(ServerProcess throng, Iterator<String> bodies) {
    /**
     * Sends each search when it is due, even if the previous one took longer; times count from
     * then.
     */
    Latencies run(int perSecond, int seconds) throws IOException, InterruptedException {
      List<Double> millis = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < perSecond * seconds; i++) {
        long due = start + i * NANOS_A_SECOND / perSecond;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        throng.post("/search", bodies.next());
        millis.add((System.nanoTime() - due) / NANOS_A_MILLI);
      }
      return new Latencies(millis);
    }
  }

  private static CompletableFuture<HttpResponse<String>> ingest(
      HttpClient http, ServerProcess throng, Path folder, Path files) throws IOException {
    HttpRequest request = throng.ingestRequest(folder, files);
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }
}

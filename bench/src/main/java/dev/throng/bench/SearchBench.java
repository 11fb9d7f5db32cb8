package dev.throng.bench;

import ai.onnxruntime.OrtException;
import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.Questions;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Uncached /search, compared with bare calls of tokeniser, model and Lucene. */
@Command(
    name = "search",
    description = "Uncached /search against bare calls of tokeniser, model and Lucene.")
final class SearchBench implements Callable<Integer> {
  private static final int QUESTIONS = 1000;

  @Option(names = "--seconds", description = "Length of a run (default: ${DEFAULT-VALUE}).")
  private int seconds = 8;

  @Option(names = "--rounds", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds = 4;

  @Option(names = "--connections", description = "Connections (default: ${DEFAULT-VALUE}).")
  private int connections = 16;

  @Override
  public Integer call() throws IOException, InterruptedException, OrtException {
    Path folder = Home.temporary("search");
    List<Double> ratios = new ArrayList<>();
    Map<String, String> uncached = Map.of("THRONG_EMBEDDER_QUERY_CACHE_ENTRIES", "0");
    try (ServerProcess throng = ServerProcess.throng(folder, uncached);
        BareSearch bare = new BareSearch(index(folder.resolve("data/index")))) {
      Wrk wrk = new Wrk(folder, "/search", Questions.bodies(QUESTIONS), connections, 0);
      List<String> texts = Questions.texts(QUESTIONS);
      wrk.run(throng.url(), seconds); // warms up
      bare.run(texts, seconds);
      for (int round = 0; round < rounds; round++) {
        double reference = bare.run(texts, seconds);
        Wrk.Load load = wrk.run(throng.url(), seconds);
        if (load.errors() > 0) {
          throw new IOException(load.errors() + " searches failed");
        }
        ratios.add(load.requestsPerSecond() / reference);
        System.out.printf(
            "  bare calls %6.1f/s   /search %6.1f/s p50 %6.1f ms p99 %6.1f ms%n",
            reference, load.requestsPerSecond(), load.p50Millis(), load.p99Millis());
      }
    }
    System.out.println("/search / bare calls  " + Medians.spread(ratios) + "  bar >= 0.80");
    return 0;
  }

  /** Returns the folder with Lucene's files. */
  private static Path index(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> String.valueOf(path.getFileName()).startsWith("segments_"))
          .findFirst()
          .map(Path::getParent)
          .orElseThrow(() -> new IOException("no index below " + folder));
    }
  }
}

package dev.throng.bench;

import ai.onnxruntime.OrtException;
import dev.throng.app.Corpus;
import dev.throng.bench.rig.Documents;
import dev.throng.bench.rig.Home;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Chunks per second from files to search results, compared with the model alone on the same chunks
 * with as many threads. The difference from 1 is the cost of parsing, cutting, indexing and
 * bookkeeping.
 */
@Command(
    name = "ingest",
    description = "Ingest of documents, by a sync and by uploads, against the model alone.")
final class IngestBench implements Callable<Integer> {
  private static final double BAR = 0.8;

  @Option(
      names = "--corpus",
      paramLabel = "FILE",
      description = "corpus.jsonl of a BEIR set (default: texts generated from the handbook).")
  private @Nullable Path corpus;

  @Option(names = "--documents", description = "Documents (default: ${DEFAULT-VALUE}).")
  private int documents = 100;

  @Option(names = "--rounds", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds = 4;

  @Override
  public Integer call() throws IOException, OrtException, InterruptedException, ExecutionException {
    Path folder = Home.temporary("ingest");
    Path files = folder.resolve("documents");
    Documents.write(files, corpus, 0, documents);
    ThrongConfig config =
        ConfigLoader.load(
            null, System.getenv(), Map.of("data.dir", folder.resolve("data").toString()));
    List<Double> syncs = new ArrayList<>();
    List<Double> uploads = new ArrayList<>();
    try (Corpus opened = Corpus.open(config);
        Intakes intakes = new Intakes(opened, config, files);
        BareModel model = new BareModel()) {
      int threads = threads(config);
      CollectionRef warm = new CollectionRef("default", "warm");
      intakes.sync(warm); // loads classes, starts the parser workers
      List<String> chunks = intakes.chunksOf(warm);
      model.run(chunks, threads);
      System.out.printf(
          "%d documents, %d chunks, %d threads%n", intakes.files().size(), chunks.size(), threads);
      for (int round = 0; round < rounds; round++) {
        double before = chunks.size() / model.run(chunks, threads);
        double sync = chunks.size() / intakes.sync(new CollectionRef("default", "s" + round));
        double between = chunks.size() / model.run(chunks, threads);
        double upload = chunks.size() / intakes.upload(new CollectionRef("default", "u" + round));
        double after = chunks.size() / model.run(chunks, threads);
        // The machine's speed drifts, so each run is compared with the model runs just before and
        // after it.
        syncs.add(2 * sync / (before + between));
        uploads.add(2 * upload / (between + after));
        System.out.printf(
            "  model alone %5.1f %5.1f %5.1f/s   sync %5.1f/s %.2f   uploads %5.1f/s %.2f%n",
            before, between, after, sync, syncs.getLast(), upload, uploads.getLast());
      }
    }
    System.out.printf("sync / model alone     %s  bar >= %.2f%n", Medians.spread(syncs), BAR);
    System.out.printf("uploads / model alone  %s  bar >= %.2f%n", Medians.spread(uploads), BAR);
    return Math.min(Medians.of(syncs), Medians.of(uploads)) >= BAR ? 0 : 1;
  }

  private static int threads(ThrongConfig config) {
    int threads = config.embedder().threads();
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }
}

package dev.throng.bench;

import dev.throng.bench.drill.IngestDrill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill ingest`. */
@Command(
    name = "ingest",
    description =
        "A server is killed while documents are sent to it; acknowledged documents are compared.")
final class IngestDrillCommand implements Callable<Integer> {
  @Option(names = "--documents", description = "Number of documents (default: ${DEFAULT-VALUE}).")
  private int documents = 1_000;

  @Option(names = "--kills", description = "Number of kills (default: ${DEFAULT-VALUE}).")
  private int kills = 200;

  @Option(names = "--seed", description = "Seed of the kills (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long start = System.nanoTime();
    Path folder = Files.createTempDirectory("throng-ingest-drill");
    IngestDrill.Result result =
        new IngestDrill(
                new IngestDrill.Plan(documents, kills, seed),
                folder,
                what -> System.out.println("  " + what))
            .run();
    System.out.printf(
        "%d documents, %d kills -9 in %.0f s: %d requests acknowledged, %d documents live, %d chunks%n",
        documents,
        kills,
        (System.nanoTime() - start) / 1e9,
        result.requests(),
        result.live(),
        result.chunks());
    result.problems().forEach(problem -> System.out.println("  " + problem));
    System.out.printf(
        "acknowledged but not searchable exactly once and complete: %d  bar 0%n",
        result.problems().size());
    return result.isGood() ? 0 : 1;
  }
}

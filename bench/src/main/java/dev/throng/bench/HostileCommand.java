package dev.throng.bench;

import dev.throng.bench.drill.HostileDrill;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `throng bench drill hostile`. */
@Command(
    name = "hostile",
    description =
        "Harmful documents are sent to a server repeatedly; it survives, and its heap does not grow.")
final class HostileCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Parameters(paramLabel = "FOLDER", description = "The folder whose files are sent.")
  private Path documents = Path.of("");

  @Option(names = "--passes", description = "Passes over the folder (default: ${DEFAULT-VALUE}).")
  private int passes = 5;

  @Override
  public Integer call() throws IOException, InterruptedException {
    HostileDrill.Result result =
        new HostileDrill(documents, passes, Home.temporary("hostile"), HostileCommand::print).run();
    System.out.printf(
        "longest %.1f s  bar %d s; heap after the last pass %+.1f %% of that after the second  bar +10 %%%n",
        result.longest().toMillis() / 1e3, LIMIT.toSeconds(), 100 * result.growth());
    return result.isGood(LIMIT) ? 0 : 1;
  }

  private static void print(HostileDrill.Pass pass) {
    System.out.printf(
        "heap after a collection %.1f MiB, longest %.1f s; %s%n",
        pass.heapBytes() / 1048576.0, pass.longest().toMillis() / 1e3, pass.outcomes());
  }
}

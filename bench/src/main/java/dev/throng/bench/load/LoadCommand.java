package dev.throng.bench.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `throng bench load`. */
@Command(
    name = "load",
    description = {
      "The load tests of bench/load, with a report.",
      "Each runs against a new server, or a new cluster, with three simulated Ollamas.",
      "While load-test-sustained runs, a backend or a replica is killed from time to time."
    })
public final class LoadCommand implements Callable<Integer> {
  private static final String SIMULATED = "three simulated Ollamas of 100 slots";

  @Parameters(arity = "0..*", paramLabel = "TEST", description = "Names of tests (default: all).")
  private List<String> names = LoadSuite.ALL;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Shortens each test to this time, in the same shape (default: its own time).")
  private double seconds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "After each test, also sends N questions a second, whatever happens to them.")
  private double rate;

  @Option(
      names = "--edits",
      paramLabel = "S",
      description = "Seconds between two edits of documents (default: ${DEFAULT-VALUE}).")
  private int edits = 20;

  @Option(
      names = "--cluster",
      description =
          "Three replicas with HAProxy, Redis, PostgreSQL and Weaviate, as in dev/cluster.")
  private boolean isCluster;

  @Option(names = "--url", paramLabel = "URL", description = "A server that runs already.")
  private @Nullable URI url;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where to write the report (default: ${DEFAULT-VALUE}).")
  private Path report = Path.of("throng-load.html");

  @Option(names = "--compare", paramLabel = "FILE", description = "An earlier report.")
  private @Nullable Path earlier;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadSuite suite = new LoadSuite(System.out::println);
    for (String name : names) {
      LoadScript script = LoadSuite.script(name);
      LoadScript chosen = seconds > 0 ? script.lasting(seconds) : script;
      try (LoadSite site = site()) {
        suite.run(chosen, rate, site);
      }
    }
    String where = where();
    suite.report(report, where, earlier);
    System.out.printf("%s; report: %s%n", where, report);
    return suite.isGood() ? 0 : 1;
  }

  private LoadSite site() throws IOException, InterruptedException {
    if (url != null) {
      return LoadSite.at(url);
    }
    Duration interval = Duration.ofSeconds(edits);
    return isCluster ? ServerCluster.start(interval) : SingleServer.start(interval);
  }

  private String where() {
    if (url != null) {
      return url.toString();
    }
    return (isCluster ? "three replicas, " : "one server, ") + SIMULATED;
  }
}

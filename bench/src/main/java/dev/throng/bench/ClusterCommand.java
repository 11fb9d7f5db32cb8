package dev.throng.bench;

import dev.throng.bench.drill.cluster.ClusterDrill;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill cluster`. */
@Command(
    name = "cluster",
    description =
        "Three replicas with real components; replicas and Redis fail while documents are edited.")
final class ClusterCommand implements Callable<Integer> {
  private static final int PUBLISHES = 200;

  @Option(names = "--store", description = "weaviate or chroma (default: ${DEFAULT-VALUE}).")
  private String store = "weaviate";

  @Option(
      names = "--crowd",
      description = "Clients that ask the same cold question (default: ${DEFAULT-VALUE}).")
  private int crowd = 1000;

  @Option(
      names = "--clients",
      description = "Clients while a replica is killed (default: ${DEFAULT-VALUE}).")
  private int clients = 200;

  @Option(
      names = "--questions",
      description = "Questions of these clients (default: ${DEFAULT-VALUE}).")
  private int questions = 60;

  @Option(
      names = "--kill-after",
      description = "Seconds until the replica is killed (default: ${DEFAULT-VALUE}).")
  private int killAfter = 15;

  @Option(
      names = "--edits",
      description = "Edits of a document; half of the total (default: ${DEFAULT-VALUE}).")
  private int edits = 40;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ClusterDrill.Plan plan =
        new ClusterDrill.Plan(
            store,
            crowd,
            clients,
            questions,
            Duration.ofSeconds(killAfter),
            PUBLISHES,
            edits,
            Home.examples().resolve("handbook"));
    ClusterDrill.Outcome outcome =
        new ClusterDrill(plan, line -> System.out.println("  " + line)).run();
    return outcome.holds() && outcome.isQuick() && outcome.tooSlow().isEmpty() ? 0 : 1;
  }
}

package dev.throng.bench;

import dev.throng.bench.drill.AttacksDrill;
import dev.throng.bench.drill.BackendsDrill;
import dev.throng.bench.drill.CrowdDrill;
import dev.throng.bench.drill.FailoverDrill;
import dev.throng.bench.drill.HostileDrill;
import dev.throng.bench.drill.IngestDrill;
import dev.throng.bench.drill.LatencyDrill;
import dev.throng.bench.drill.OverloadDrill;
import dev.throng.bench.drill.cluster.ClusterDrill;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `throng bench drill NAME`. */
@Command(
    name = "drill",
    description = "Injects faults, and checks that clients are not affected.",
    subcommands = {
      DrillCommand.Failover.class,
      DrillCommand.Backends.class,
      DrillCommand.Crowd.class,
      DrillCommand.Latency.class,
      DrillCommand.Overload.class,
      DrillCommand.WholeCluster.class,
      DrillCommand.Ingest.class,
      DrillCommand.Hostile.class,
      DrillCommand.Attacks.class,
      QuestionsCommand.class
    })
final class DrillCommand {
  private static final Duration OUTAGE = Duration.ofSeconds(5);
  private static final int LEAST_CONTINUATIONS = 30;
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final int PROBES = 10;
  private static final int PUBLISHES = 200;

  /** The default value. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  private static final int WARM_UPS = 3_000;
  private static final int FEWEST_TOKENS = 100;
  private static final int MOST_TOKENS = 200;

  @Command(
      name = "failover",
      description =
          "Simulated backends crash, hang, reset and return garbage while they answer; every answer is compared.")
  static final class Failover implements Callable<Integer> {
    @Option(names = "--answers", description = "Number of answers (default: ${DEFAULT-VALUE}).")
    private int answers = 10_000;

    @Option(names = "--streams", description = "Simultaneous answers (default: ${DEFAULT-VALUE}).")
    private int streams = 50;

    @Option(names = "--seed", description = "Seed of the faults (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Override
    public Integer call() throws InterruptedException {
      long start = System.nanoTime();
      FailoverDrill.Result result = new FailoverDrill(answers, seed).run(streams);
      System.out.printf(
          "simulated: %,d answers, %d simultaneous, %d faults in %.0f s; %,d continued; at most %d in flight at a backend%n",
          result.answers(),
          streams,
          result.faults(),
          (System.nanoTime() - start) / 1e9,
          result.continued(),
          result.mostInFlight());
      result.problems().forEach(problem -> System.out.println("  " + problem));
      System.out.printf(
          "equal to an undisturbed answer: %.2f %%  bar 100 %%; seams that lose or repeat text: %d  bar 0%n",
          100.0 * result.equal() / result.answers(), result.seamMismatches());
      return result.isGood() ? 0 : 1;
    }
  }

  @Command(
      name = "backends",
      description =
          "Real Ollama processes are killed and frozen in turn while they answer; seams are compared.")
  static final class Backends implements Callable<Integer> {
    @Option(names = "--answers", description = "Number of answers (default: ${DEFAULT-VALUE}).")
    private int answers = 300;

    @Option(names = "--clients", description = "Simultaneous clients (default: ${DEFAULT-VALUE}).")
    private int clients = 50;

    @Option(names = "--slots", description = "Slots of each backend (default: ${DEFAULT-VALUE}).")
    private int slots = 4;

    @Option(
        names = "--interval",
        description = "Seconds between outages (default: ${DEFAULT-VALUE}).")
    private int interval = 10;

    @Override
    public Integer call() throws IOException, InterruptedException {
      long start = System.nanoTime();
      BackendsDrill.Plan plan =
          new BackendsDrill.Plan(
              answers,
              clients,
              slots,
              FEWEST_TOKENS,
              MOST_TOKENS,
              Duration.ofSeconds(interval),
              OUTAGE,
              LEAST_CONTINUATIONS);
      BackendsDrill.Result result =
          new BackendsDrill(plan, what -> System.out.println("  " + what)).run();
      System.out.printf(
          "real Ollama: %d answers of 100 tokens and more, %d clients, %d outages; %.0f s in all%n",
          answers, clients, result.outages(), (System.nanoTime() - start) / 1e9);
      result.problems().forEach(problem -> System.out.println("  " + problem));
      System.out.printf(
          "complete: %d  bar %d; continued: %d  bar >= %d%n",
          result.complete(), answers, result.continued(), LEAST_CONTINUATIONS);
      System.out.printf(
          "continued answers equal to an undisturbed run's: %.0f %%  bar >= 70 %%  (of those that were not continued: %.0f %%)%n",
          100 * result.continuedEqualShare(), 100 * result.undisturbedEqualShare());
      System.out.printf(
          "seams: %d; passed to the next backend as delivered: %d  bar all; identical to an idle backend's text: %d; "
              + "otherwise the idle backend's word was likelier by at most %.2f nats%n",
          result.seams(), result.told(), result.exact(), result.widestGap());
      System.out.printf(
          "most simultaneous generations at each backend: %s  bar <= %d%n",
          result.mostInFlight(), slots);
      return result.isGood() ? 0 : 1;
    }
  }

  @Command(
      name = "crowd",
      description =
          "A crowd of streaming clients over simulated backends; every answer is compared.")
  static final class Crowd implements Callable<Integer> {
    @Option(names = "--clients", description = "Simultaneous clients (default: ${DEFAULT-VALUE}).")
    private int clients = 1000;

    @Option(
        names = "--heap",
        description = "Heap of the server, in MB (default: ${DEFAULT-VALUE}).")
    private int heap = 512;

    @Override
    public Integer call() throws IOException, InterruptedException {
      Path documents = Home.examples().resolve("handbook");
      CrowdDrill.Plan plan =
          new CrowdDrill.Plan(clients, 100, 10, Duration.ofSeconds(14), heap, documents);
      CrowdDrill.Result result = new CrowdDrill(plan).run();
      System.out.printf(
          "simulated: %d clients, each with its own question, in %.0f s; most streams open simultaneously: %d  bar %d%n",
          clients, result.seconds(), result.mostOpen(), clients);
      result.problems().forEach(problem -> System.out.println("  " + problem));
      System.out.printf(
          "complete: %d  bar %d; identical to the backend's text: %d  bar %d; most simultaneous generations at each backend: %s  bar <= %d%n",
          result.complete(), clients, result.equal(), clients, result.mostInFlight(), plan.slots());
      System.out.printf(
          "peak heap of the server: %d MB  bar <= %d MB (-Xmx); resident memory: %d MB%n",
          result.peakHeapBytes() >> 20, heap, result.peakResidentBytes() >> 20);
      return result.isGood() ? 0 : 1;
    }
  }

  @Command(
      name = "latency",
      description =
          "Time that the server adds to each token, compared with the same calls made directly.")
  static final class Latency implements Callable<Integer> {
    @Option(names = "--streams", description = "Simultaneous streams (default: ${DEFAULT-VALUE}).")
    private int streams = 100;

    @Option(names = "--rounds", description = "Rounds of both kinds (default: ${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Override
    public Integer call() throws IOException, InterruptedException {
      Path documents = Home.examples().resolve("handbook");
      LatencyDrill.Result result =
          new LatencyDrill(new LatencyDrill.Plan(streams, 10, 100, 2, rounds, WARM_UPS, documents))
              .run();
      System.out.printf(
          "simulated: %d streams of 10 tokens a second, %d rounds of each kind, alternating%n",
          streams, rounds);
      result.problems().forEach(problem -> System.out.println("  " + problem));
      print("through the server", result.server());
      print("directly", result.direct());
      System.out.printf(
          "added to a token: p50 %.2f ms  bar <= 2 ms, p99 %.2f ms  bar <= 10 ms%n",
          result.server().tokenP50() - result.direct().tokenP50(),
          result.server().tokenP99() - result.direct().tokenP99());
      System.out.printf(
          "added to the first token, without retrieval: p50 %.2f ms  bar <= 2 ms, p99 %.2f ms  bar <= 10 ms%n",
          result.server().firstP50() - result.direct().firstP50(),
          result.server().firstP99() - result.direct().firstP99());
      System.out.printf("machine busy: %.0f %%  bar < 60 %%%n", 100 * result.server().busyShare());
      return result.isGood() ? 0 : 1;
    }

    private static void print(String name, LatencyDrill.Line line) {
      System.out.printf(
          "  %-18s %,7d tokens p50 %5.2f ms p99 %6.2f ms   first p50 %5.2f ms p99 %6.2f ms   machine %.0f %% busy%n",
          name,
          line.tokens(),
          line.tokenP50(),
          line.tokenP99(),
          line.firstP50(),
          line.firstP99(),
          100 * line.busyShare());
    }
  }

  @Command(
      name = "overload",
      description =
          "Ten times the load that simulated backends can answer, and a control without it.")
  static final class Overload implements Callable<Integer> {
    @Option(names = "--seconds", description = "Seconds of overload (default: ${DEFAULT-VALUE}).")
    private int seconds = 300;

    @Option(
        names = "--control",
        description = "Seconds of each control (default: ${DEFAULT-VALUE}).")
    private int control = 60;

    @Option(names = "--ladder", description = "Like admission.ladder (default: ${DEFAULT-VALUE}).")
    private String ladder = "stale,extractive,shed";

    @Override
    public Integer call() throws IOException, InterruptedException {
      OverloadDrill.Plan plan =
          new OverloadDrill.Plan(
              10,
              10,
              Duration.ofSeconds(seconds),
              Duration.ofSeconds(control),
              SETTLE,
              PROBES,
              MAX_WAIT,
              ladder,
              Home.examples().resolve("handbook"));
      OverloadDrill.Result result = new OverloadDrill(plan).run();
      System.out.printf(
          "simulated: %.0f questions and 300 hits a second for %d s, backends with a capacity of %.2f answers a second; ladder %s%n",
          result.offered(), seconds, result.capacity(), ladder);
      result.problems().forEach(problem -> System.out.println("  " + problem));
      for (OverloadDrill.End end : result.ends()) {
        System.out.printf(
            "  %-10s %,7d   p50 %,9.1f ms   p99 %,9.1f ms%n",
            end.name(), end.count(), end.p50Millis(), end.p99Millis());
      }
      System.out.printf(
          "goodput: %.2f/s, %.1f %% of the backends' throughput without the server  bar >= 95 %%%n",
          result.goodput(), 100 * result.goodput() / result.capacity());
      System.out.printf(
          "hits: p50 %.2f ms, p99 %.2f ms  bar <= %.2f ms; control p50 %.2f ms, p99 %.2f ms; %d missed  bar 0%n",
          result.hitP50(),
          result.hitP99(),
          result.hitP99Bar(),
          result.controlP50(),
          result.controlP99(),
          result.missed());
      System.out.printf("refusals: p99 %.1f ms  bar <= 100 ms%n", result.refusalP99());
      System.out.printf(
          "heap after a collection: %.1f MB in the first minute, %.1f MB at the end  bar <= 1.2 times that%n",
          result.liveBytesEarly() / 1e6, result.liveBytesLate() / 1e6);
      System.out.printf(
          "a generated answer, from 5 s after the end: %.0f ms  bar <= 1.25 times the %.0f ms before%n",
          result.afterMillis(), result.normalMillis());
      System.out.printf(
          "machine busy: %.0f %%, in the control %.0f %%%n",
          100 * result.busyShare(), 100 * result.controlBusyShare());
      return result.isGood() ? 0 : 1;
    }
  }

  @Command(
      name = "cluster",
      description =
          "Three replicas with real components; replicas and Redis fail while documents are edited.")
  static final class WholeCluster implements Callable<Integer> {
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

  @Command(
      name = "ingest",
      description =
          "A server is killed while documents are sent to it; acknowledged documents are compared.")
  static final class Ingest implements Callable<Integer> {
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

  @Command(
      name = "hostile",
      description =
          "Harmful documents are sent to a server repeatedly; it survives, and its heap does not grow.")
  static final class Hostile implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Parameters(paramLabel = "FOLDER", description = "The folder whose files are sent.")
    private Path documents = Path.of("");

    @Option(names = "--passes", description = "Passes over the folder (default: ${DEFAULT-VALUE}).")
    private int passes = 5;

    @Override
    public Integer call() throws IOException, InterruptedException {
      HostileDrill.Result result =
          new HostileDrill(documents, passes, Home.temporary("hostile"), Hostile::print).run();
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

  @Command(
      name = "attacks",
      description =
          "Sends cheap requests that could stop a server; health and cached answers continue.")
  static final class Attacks implements Callable<Integer> {
    @Option(
        names = "--seconds",
        description = "Seconds of each attack (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(names = "--heap", description = "Heap of the server (default: ${DEFAULT-VALUE}).")
    private String heap = "1g";

    @Override
    public Integer call() throws IOException, InterruptedException {
      AttacksDrill.Plan plan =
          new AttacksDrill.Plan(
              Duration.ofSeconds(seconds), heap, Home.examples().resolve("handbook"));
      AttacksDrill.Result result = new AttacksDrill(plan, Attacks::print).run();
      print(result.idle());
      System.out.printf(
          "the server %s; probes without an answer: %d  bar 0; /health/live at most %.0f ms  bar %d ms; "
              + "cached answers, worst p99 / idle p99: %.2f  bar %.1f%n",
          result.isAlive() ? "survived" : "died",
          result.failed(),
          result.healthMaxMillis(),
          AttacksDrill.HEALTH_BAR.toMillis(),
          result.worstHitRatio(),
          AttacksDrill.HIT_BAR);
      return result.isGood() ? 0 : 1;
    }

    private static void print(AttacksDrill.Watched watched) {
      System.out.printf(
          "  %-18s %4d probes, %d failed; /health/live at most %6.1f ms; cached answers p99 %6.1f ms%n",
          watched.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          watched.probes(),
          watched.failed(),
          watched.healthMaxMillis(),
          watched.hitP99Millis());
    }
  }
}

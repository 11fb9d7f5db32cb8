package dev.throng.bench;

import dev.throng.bench.drill.LatencyDrill;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill latency`. */
@Command(
    name = "latency",
    description =
        "Time that the server adds to each token, compared with the same calls made directly.")
final class LatencyCommand implements Callable<Integer> {
  private static final int WARM_UPS = 3_000;

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

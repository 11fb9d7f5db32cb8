package dev.throng.bench;

import dev.throng.bench.drill.OverloadDrill;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill overload`. */
@Command(
    name = "overload",
    description =
        "Ten times the load that simulated backends can answer, and a control without it.")
final class OverloadCommand implements Callable<Integer> {
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final int PROBES = 10;

  /** The default of {@code admission.max_wait}. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  @Option(names = "--seconds", description = "Seconds of overload (default: ${DEFAULT-VALUE}).")
  private int seconds = 300;

  @Option(names = "--control", description = "Seconds of each control (default: ${DEFAULT-VALUE}).")
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
        result.hits().p50(),
        result.hits().p99(),
        result.hits().p99Bar(),
        result.hits().controlP50(),
        result.hits().controlP99(),
        result.hits().missed());
    System.out.printf("refusals: p99 %.1f ms  bar <= 100 ms%n", result.refusalP99());
    System.out.printf(
        "heap after a collection: %.1f MB in the first minute, %.1f MB at the end  bar <= 1.2 times that%n",
        result.cost().liveBytesEarly() / 1e6, result.cost().liveBytesLate() / 1e6);
    System.out.printf(
        "a generated answer, from 5 s after the end: %.0f ms  bar <= 1.25 times the %.0f ms before%n",
        result.afterMillis(), result.normalMillis());
    System.out.printf(
        "machine busy: %.0f %%, in the control %.0f %%%n",
        100 * result.cost().busyShare(), 100 * result.cost().controlBusyShare());
    return result.isGood() ? 0 : 1;
  }
}

package dev.throng.bench;

import dev.throng.bench.drill.BackendsDrill;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill backends`. */
@Command(
    name = "backends",
    description =
        "Real Ollama processes are killed and frozen in turn while they answer; seams are compared.")
final class BackendsCommand implements Callable<Integer> {
  private static final Duration OUTAGE = Duration.ofSeconds(5);
  private static final int LEAST_CONTINUATIONS = 30;
  private static final int FEWEST_TOKENS = 100;
  private static final int MOST_TOKENS = 200;

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

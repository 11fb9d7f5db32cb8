package dev.throng.bench;

import dev.throng.bench.drill.FailoverDrill;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill failover`. */
@Command(
    name = "failover",
    description =
        "Simulated backends crash, hang, reset and return garbage while they answer; every answer is compared.")
final class FailoverCommand implements Callable<Integer> {
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

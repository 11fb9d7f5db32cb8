package dev.throng.bench;

import dev.throng.bench.drill.FailoverDrill;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill NAME`. */
@Command(
    name = "drill",
    description = "Breaks backends on purpose, and checks that nobody notices.",
    subcommands = {DrillCommand.Failover.class})
final class DrillCommand {

  @Command(
      name = "failover",
      description =
          "Simulated backends crash, hang, reset and lie while they answer; every answer is compared.")
  static final class Failover implements Callable<Integer> {
    @Option(names = "--answers", description = "How many (default: ${DEFAULT-VALUE}).")
    private int answers = 10_000;

    @Option(names = "--streams", description = "Answers at once (default: ${DEFAULT-VALUE}).")
    private int streams = 50;

    @Option(names = "--seed", description = "Of the faults (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Override
    public Integer call() throws InterruptedException {
      long start = System.nanoTime();
      FailoverDrill.Result result = new FailoverDrill(answers, seed).run(streams);
      System.out.printf(
          "simulated: %,d answers, %d at once, %d faults in %.0f s; %,d continued; at most %d in flight at a backend%n",
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
}

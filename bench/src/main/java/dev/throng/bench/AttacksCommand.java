package dev.throng.bench;

import dev.throng.bench.drill.AttacksDrill;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill attacks`. */
@Command(
    name = "attacks",
    description =
        "Sends cheap requests that could stop a server; health and cached answers continue.")
final class AttacksCommand implements Callable<Integer> {
  @Option(names = "--seconds", description = "Seconds of each attack (default: ${DEFAULT-VALUE}).")
  private int seconds = 10;

  @Option(names = "--heap", description = "Heap of the server (default: ${DEFAULT-VALUE}).")
  private String heap = "1g";

  @Override
  public Integer call() throws IOException, InterruptedException {
    AttacksDrill.Plan plan =
        new AttacksDrill.Plan(
            Duration.ofSeconds(seconds), heap, Home.examples().resolve("handbook"));
    AttacksDrill.Result result = new AttacksDrill(plan, AttacksCommand::print).run();
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

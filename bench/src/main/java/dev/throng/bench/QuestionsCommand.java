package dev.throng.bench;

import dev.throng.bench.drill.QuestionsDrill;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill questions`. */
@Command(
    name = "questions",
    description =
        "Users who never repeat a question, on simulated backends: all of them get answers.")
final class QuestionsCommand implements Callable<Integer> {
  private static final int SLOTS = 100;
  private static final double TOKENS_PER_SECOND = 40;

  @Option(names = "--users", description = "Simultaneous users (default: ${DEFAULT-VALUE}).")
  private int users = 250;

  @Option(names = "--each", description = "Questions of each user (default: ${DEFAULT-VALUE}).")
  private int each = 4;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path documents = Home.examples().resolve("handbook");
    QuestionsDrill.Result result =
        new QuestionsDrill(
                new QuestionsDrill.Plan(users, each, SLOTS, TOKENS_PER_SECOND, documents))
            .run();
    System.out.printf(
        "simulated: three backends of %d slots; %d users, %d questions each, all different, in %.0f s on %d cores%n",
        SLOTS, users, each, result.seconds(), Runtime.getRuntime().availableProcessors());
    result.problems().stream().limit(3).forEach(problem -> System.out.println("  " + problem));
    System.out.printf(
        "answered: %d  bar %d (no refusal, no quotation); all: %s; p50 %.1f s, p99 %.1f s%n",
        result.generated(),
        users * each,
        result.counts(),
        result.p50Millis() / 1e3,
        result.p99Millis() / 1e3);
    return result.isGood() ? 0 : 1;
  }
}

package dev.throng.bench.drill;

import dev.throng.bench.rig.Latencies;
import dev.throng.bench.rig.Questions;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Users who each ask a new question, and the next one when it is answered. The backends are
 * simulated and have enough slots for all, so that each question waits only for the machine that
 * embeds and searches.
 */
public final class QuestionsDrill {
  private static final int BACKENDS = 3;
  private static final AnswerLength LENGTH = new AnswerLength(20, 0, 20, 20);

  /**
   * The parameters.
   *
   * @param slots of each of the three backends
   * @param tokensPerSecond of each answer, which has about twenty tokens
   */
  public record Plan(
      int users, int questionsEach, int slots, double tokensPerSecond, Path documents) {}

  /**
   * The results.
   *
   * @param counts questions by outcome
   * @param p50Millis of generated answers
   */
  public record Result(
      Plan plan,
      Map<String, Integer> counts,
      double p50Millis,
      double p99Millis,
      double seconds,
      List<String> problems) {
    public int generated() {
      return counts.getOrDefault(ColdLoad.GENERATED, 0);
    }

    public boolean isGood() {
      return generated() == plan.users() * plan.questionsEach();
    }
  }

  private final Plan plan;

  public QuestionsDrill(Plan plan) {
    this.plan = plan;
  }

  /** Runs the drill to its end. */
  public Result run() throws IOException, InterruptedException {
    SimSettings simulated =
        SimSettings.instant()
            .withSlots(plan.slots())
            .withRates(new Rates(50_000, plan.tokensPerSecond(), 0, 0))
            .withAnswers(LENGTH);
    ColdLoad load = new ColdLoad(Questions.texts(plan.users()), "user");
    try (SimulatedSite site =
        SimulatedSite.start(simulated, BACKENDS, Map.of(), List.of(), plan.documents())) {
      long start = System.nanoTime();
      try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < plan.users(); i++) {
          users.execute(() -> {
            for (int n = 0; n < plan.questionsEach(); n++) {
              load.ask(site.url(), System.nanoTime());
            }
          });
        }
      } // close() waits for all of them
      return result(load, (System.nanoTime() - start) / 1e9);
    }
  }

  private Result result(ColdLoad load, double seconds) {
    Map<String, Integer> counts =
        load.ends().stream()
            .collect(
                Collectors.toMap(
                    end -> end, end -> load.latencies(end).count(), Integer::sum, TreeMap::new));
    Latencies generated = load.latencies(ColdLoad.GENERATED);
    return new Result(plan, counts, generated.p50(), generated.p99(), seconds, load.failures());
  }
}

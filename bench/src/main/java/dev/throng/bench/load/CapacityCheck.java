package dev.throng.bench.load;

import dev.throng.bench.load.LoadScript.Phase;
import dev.throng.bench.load.ServerSamples.Sample;
import dev.throng.bench.rig.KeptConnections;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Compares {@link Capacity} with servers under the demand, on simulated backends. */
final class CapacityCheck {
  private static final double RAMP_SECONDS = 30;
  private static final double STEADY_SECONDS = 60;
  private static final double BAR = 0.15;

  /** What remains of the mean pause of a user, because long pauses are cut. */
  private static final double SHARE_OF_MEAN = 1 - Math.exp(-ClosedLoop.MOST_THINK);

  /** The first one is the 1000 users of the original plan. */
  private static final List<Demand> DEMANDS =
      List.of(
          new Demand(1000, 30, 0.9, 0, 250, 30, 1),
          new Demand(1000, 10, 0.95, 0, 100, 50, 1),
          new Demand(300, 5, 0.5, 0, 100, 50, 1),
          new Demand(100, 3, 0, 0, 50, 50, 1),
          new Demand(500, 20, 0.8, 0, 400, 40, 1),
          new Demand(200, 10, 0, 0, 250, 30, 1));

  private CapacityCheck() {}

  /** Returns whether all figures are within 15 % of the measured ones. */
  static boolean run(Consumer<String> progress) throws IOException, InterruptedException {
    boolean isGood = true;
    for (Demand demand : DEMANDS) {
      Capacity predicted = Capacity.of(demand);
      Capacity measured = measure(demand, predicted.slots());
      progress.accept(demand.toString());
      isGood &=
          compare(
              "questions/s",
              predicted.questionsPerSecond(),
              measured.questionsPerSecond(),
              progress);
      isGood &= compare("busy slots", predicted.busySlots(), measured.busySlots(), progress);
      isGood &= compare("cores", predicted.cores(), measured.cores(), progress);
    }
    return isGood;
  }

  private static boolean compare(
      String figure, double predicted, double measured, Consumer<String> progress) {
    double ratio = predicted / measured;
    boolean isClose = Math.abs(ratio - 1) <= BAR;
    progress.accept(
        String.format(
            Locale.ROOT,
            "  %s %-12s %8.2f predicted, %8.2f measured, ratio %.2f",
            isClose ? "holds" : "FAILS",
            figure,
            predicted,
            measured,
            ratio));
    return isClose;
  }

  private static Capacity measure(Demand demand, int slots)
      throws IOException, InterruptedException {
    int tokens = (int) demand.tokens();
    SimSettings simulated =
        SimSettings.instant()
            .withSlots(Math.ceilDiv(slots, SimulatedOllamas.BACKENDS))
            .withNumCtx(32_768)
            .withRates(new Rates(1_000_000, demand.tokensPerSecond(), 0, 0))
            .withAnswers(new AnswerLength(tokens, 0, tokens, tokens));
    Map<String, String> settings =
        Map.of("THRONG_RETRIEVAL_MIN_RELEVANCE", "-1", "THRONG_MODEL_MAX_TOKENS", "1000");
    MixedQuestions questions = new MixedQuestions(demand.hitRate());
    try (LoadSite site = SingleServer.start(Duration.ofDays(1), simulated, settings)) {
      warmUp(site, questions);
      ServerSamples samples = new ServerSamples(site);
      try (samples) {
        new ClosedLoop(script(demand), site.url(), questions, new LoadRecorder()).run();
      }
      return figures(samples.samples(), slots);
    }
  }

  private static void warmUp(LoadSite site, MixedQuestions questions) {
    try (KeptConnections connections = new KeptConnections(site.url());
        ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String body : questions.repeated()) {
        var _ = users.submit(() -> connections.ask(body, _ -> {}));
      }
    } // close() waits for all of them
  }

  private static LoadScript script(Demand demand) {
    return new LoadScript(
        "capacity",
        RAMP_SECONDS + STEADY_SECONDS,
        0,
        demand.thinkSeconds() / SHARE_OF_MEAN,
        1,
        0,
        0,
        List.of(new Phase(RAMP_SECONDS - 5, demand.users())));
  }

  /** Leaves out the time until all users have arrived and been answered once, and the end. */
  private static Capacity figures(List<Sample> samples, int slots) {
    List<Sample> steady =
        samples.stream()
            .filter(each -> each.at() >= RAMP_SECONDS && each.at() <= RAMP_SECONDS + STEADY_SECONDS)
            .toList();
    Sample first = steady.getFirst();
    Sample last = steady.getLast();
    double seconds = last.at() - first.at();
    return new Capacity(
        (last.answers() - first.answers()) / seconds,
        steady.stream().mapToDouble(Sample::generating).average().orElse(0),
        slots,
        (last.cpuSeconds() - first.cpuSeconds()) / seconds);
  }
}

package dev.throng.bench.load;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.throng.bench.load.LoadRecorder.Figures;
import dev.throng.bench.load.LoadRecorder.Totals;
import dev.throng.bench.load.ServerSamples.Sample;
import java.util.ArrayList;
import java.util.List;

/**
 * What a load test found.
 *
 * @param name of the test
 * @param what it did, in a line
 * @param seconds that it took
 * @param repeated share of the questions that were asked before: the ceiling of any cache
 * @param edits of documents during the test
 * @param kills of processes during the test
 * @param serverCores that the server used on average
 * @param loadCores that the clients used on average
 * @param problems some of what went wrong
 */
record LoadResult(
    String name,
    String what,
    double seconds,
    double repeated,
    int edits,
    int kills,
    double serverCores,
    double loadCores,
    Totals totals,
    List<Figures> figures,
    List<Sample> samples,
    List<String> problems) {
  private static final double P95_BAR_MILLIS = 3_000;
  private static final double P99_BAR_MILLIS = 5_000;
  private static final double ERRORS_BAR_PERCENT = 0.1;

  /** With fewer repeated questions than this, no absolute hit rate can be asked for. */
  private static final double MUCH_REPEATED = 0.97;

  private static final double REUSED_BAR_PERCENT = 90;
  private static final double SHARE_OF_CEILING = 0.95;

  LoadResult {
    figures = List.copyOf(figures);
    samples = List.copyOf(samples);
    problems = List.copyOf(problems);
  }

  /** Returns the objectives of the service, and how this test met them. */
  @JsonIgnore
  List<Gate> gates() {
    List<Gate> gates = new ArrayList<>();
    gates.add(Gate.max("95 % of the answers within", "ms", totals.p95(), P95_BAR_MILLIS));
    gates.add(Gate.max("99 % of the answers within", "ms", totals.p99(), P99_BAR_MILLIS));
    gates.add(Gate.max("refused or failed", "%", 100 * totals.errors(), ERRORS_BAR_PERCENT));
    double percent = 100 * reused();
    if (repeated >= MUCH_REPEATED) {
      gates.add(Gate.min("without a new generation", "%", percent, REUSED_BAR_PERCENT));
    }
    gates.add(
        Gate.min(
            "without a new generation, of what is possible",
            "%",
            percent / Math.max(repeated, Double.MIN_NORMAL),
            100 * SHARE_OF_CEILING));
    if (name.equals(LoadSuite.SUSTAINED)) {
      gates.addAll(new Growth(samples, seconds).gates());
    }
    return gates;
  }

  @JsonIgnore
  boolean isGood() {
    return gates().stream().allMatch(Gate::holds);
  }

  /** Returns the share of the answers that needed no new generation, as the server counts them. */
  double reused() {
    if (samples.isEmpty()) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    return (last.reused() - first.reused()) / Math.max(1, last.answers() - first.answers());
  }

  /** Returns answers a second over the whole test. */
  double answersPerSecond() {
    return totals.answers() / seconds;
  }
}

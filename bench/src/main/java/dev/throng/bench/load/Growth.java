package dev.throng.bench.load;

import dev.throng.bench.load.ServerSamples.Resources;
import dev.throng.bench.load.ServerSamples.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Whether what a server uses grows while the load is steady. */
final class Growth {
  /** In a shorter test, what grows until caches are full and code is compiled looks like a leak. */
  static final double SHORTEST_SECONDS = 300;

  /** Of the time, which is left out at the start. */
  private static final double WARM_UP = 1.0 / 3;

  private static final double BAR_PERCENT = 5;

  private final List<Sample> steady;

  /**
   * @param samples of a whole test
   * @param seconds that the test took
   */
  Growth(List<Sample> samples, double seconds) {
    this.steady =
        seconds < SHORTEST_SECONDS
            ? List.of()
            : samples.stream().filter(sample -> sample.at() >= seconds * WARM_UP).toList();
  }

  /** Returns a gate for each figure; none if the test was too short. */
  List<Gate> gates() {
    List<Gate> gates = new ArrayList<>();
    if (steady.size() < 2) {
      return gates;
    }
    gates.add(gate("resident memory", Resources::residentMib));
    gates.add(gate("native memory", Resources::nativeMib));
    gates.add(gate("heap after collections", Resources::heapPercent));
    gates.add(gate("threads", Resources::threads));
    gates.add(gate("open files", Resources::openFiles));
    Set<String> shared = steady.getFirst().resources().sharedMib().keySet();
    for (String each : shared.stream().sorted().toList()) {
      gates.add(gate(each, resources -> resources.sharedMib().getOrDefault(each, 0.0)));
    }
    return gates;
  }

  private Gate gate(String what, ToDoubleFunction<Resources> figure) {
    return Gate.max("growth of " + what, "%", percent(figure), BAR_PERCENT);
  }

  /** Returns by how much a line through all values rises from its start to its end. */
  private double percent(ToDoubleFunction<Resources> figure) {
    double meanAt = steady.stream().mapToDouble(Sample::at).average().orElse(0);
    double mean =
        steady.stream()
            .mapToDouble(each -> figure.applyAsDouble(each.resources()))
            .average()
            .orElse(0);
    double covariance = 0;
    double variance = 0;
    for (Sample sample : steady) {
      double at = sample.at() - meanAt;
      covariance += at * (figure.applyAsDouble(sample.resources()) - mean);
      variance += at * at;
    }
    double seconds = steady.getLast().at() - steady.getFirst().at();
    return mean == 0 || variance == 0 ? 0 : 100 * covariance / variance * seconds / mean;
  }
}

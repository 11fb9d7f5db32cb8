package dev.throng.bench;

import java.util.List;

/** Figures over several rounds. */
final class Medians {
  private Medians() {}

  static double of(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Returns the median, with the smallest and the largest value. */
  static String spread(List<Double> figures) {
    return "%.2f (%.2f to %.2f)"
        .formatted(
            of(figures),
            figures.stream().mapToDouble(f -> f).min().orElse(0),
            figures.stream().mapToDouble(f -> f).max().orElse(0));
  }
}

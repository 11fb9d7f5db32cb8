package dev.throng.bench.rig;

import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * A server's metrics.
 *
 * @param text in Prometheus' text format
 */
public record MetricsPage(String text) {
  /**
   * Returns the value of one series.
   *
   * @param series name and labels, as the page has them
   */
  public OptionalDouble value(String series) {
    return values(line -> line.startsWith(series + " ")).findFirst();
  }

  /** Returns the sum of all series of a metric. */
  public double sum(String metric) {
    return values(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{")).sum();
  }

  private DoubleStream values(Predicate<String> isWanted) {
    return text.lines()
        .filter(isWanted)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
  }
}

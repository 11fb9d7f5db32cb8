package dev.throng.monitoring;

import dev.throng.monitoring.Dashboard.Query;
import dev.throng.observe.Metric;

/** Queries about the servers that are chosen at the top of a dashboard. */
final class Queries {
  /** Every series that a dashboard shows belongs to the chosen servers. */
  static final String CHOSEN = "namespace=~\"$namespace\",job=~\"$job\"";

  private Queries() {}

  static String series(Metric metric, String... labels) {
    String more = labels.length == 0 ? "" : "," + String.join(",", labels);
    return "%s{%s%s}".formatted(metric.prometheusName(), CHOSEN, more);
  }

  static String count(Metric histogram, String... labels) {
    return series(histogram, labels).replaceFirst("\\{", "_count{");
  }

  static String rate(Metric counter, String labels) {
    return rate(series(counter), labels);
  }

  static String rate(String series, String labels) {
    return "sum by (%s) (rate(%s[$__rate_interval]))".formatted(labels, series);
  }

  static Query total(Metric counter, String legend) {
    return new Query("sum(rate(%s[$__rate_interval]))".formatted(series(counter)), legend);
  }

  static Query sum(Metric gauge, String legend) {
    return new Query("sum(%s)".formatted(series(gauge)), legend);
  }

  static Query recorded(String rule, String legend) {
    return new Query("max(%s{%s})".formatted(rule, CHOSEN), legend);
  }

  static Query quantile(String quantile, Metric histogram, String label) {
    String buckets = series(histogram).replaceFirst("\\{", "_bucket{");
    return new Query(
        "histogram_quantile(%s, sum by (%s, le) (rate(%s[$__rate_interval])))"
            .formatted(quantile, label, buckets),
        "{{%s}}".formatted(label));
  }

  static Query stage(String stage) {
    String buckets =
        series(Metric.STAGES, "stage=\"%s\"".formatted(stage)).replaceFirst("\\{", "_bucket{");
    return new Query(
        "histogram_quantile(0.95, sum by (le) (rate(%s[$__rate_interval])))".formatted(buckets),
        stage);
  }

  static Query share(String outcomes, String legend) {
    return new Query(
        "sum(rate(%s[$__rate_interval])) / sum(rate(%s[$__rate_interval]))"
            .formatted(
                count(Metric.QUESTIONS, "outcome=~\"%s\"".formatted(outcomes)),
                count(Metric.QUESTIONS)),
        legend);
  }
}

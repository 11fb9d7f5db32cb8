package dev.throng.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule of deploy/prometheus/adapter-rules.yml: how prometheus-adapter answers when Kubernetes
 * asks for a metric.
 *
 * @param name of the metric in Kubernetes
 * @param seriesQuery what the adapter looks for to know which pods or namespaces have the metric
 * @param query of its values, with the adapter's placeholders
 */
public record AdapterRule(String name, String seriesQuery, String query) {
  private static final Path FILE = AlertRules.FOLDER.resolve("adapter-rules.yml");

  /** Returns the rules of metrics of pods. */
  public static List<AdapterRule> ofPods() {
    return rules("custom");
  }

  /** Returns the rules of metrics of namespaces. */
  public static List<AdapterRule> ofNamespaces() {
    return rules("external");
  }

  private static List<AdapterRule> rules(String kind) {
    List<AdapterRule> rules = new ArrayList<>();
    for (JsonNode rule : Yaml.read(FILE).path("rules").path(kind)) {
      String seriesQuery = rule.path("seriesQuery").asText();
      rules.add(
          new AdapterRule(
              rule.path("name").path("as").asText(series(seriesQuery)),
              seriesQuery,
              rule.path("metricsQuery").asText()));
    }
    return rules;
  }

  private static String series(String seriesQuery) {
    return seriesQuery.replaceFirst("\\{.*", "");
  }

  /** Returns the query for pods whose names match a regular expression. */
  public String queryOfPods(String namespace, String pods) {
    return query("namespace=\"%s\",pod=~\"%s\"".formatted(namespace, pods), "pod");
  }

  /** Returns the query for a whole namespace. */
  public String queryOfNamespace(String namespace) {
    return query("namespace=\"%s\"".formatted(namespace), "namespace");
  }

  private String query(String matchers, String groupBy) {
    return query
        .replace("<<.Series>>", series(seriesQuery))
        .replace("<<.LabelMatchers>>", matchers)
        .replace("<<.GroupBy>>", groupBy);
  }
}

package dev.throng.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules in deploy/prometheus. */
final class AlertRules {
  static final Path FOLDER = Path.of("..", "deploy", "prometheus").toAbsolutePath().normalize();
  private static final Path RECORDING = FOLDER.resolve("throng-rules.yml");
  private static final Path ALERTS = FOLDER.resolve("throng-alerts.yml");

  /** Names of metrics outside of label matchers and durations. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:throng|jvm|process|kube)(?::?_?[a-z0-9]+)*_[a-z0-9_:]+\\b|\\bup\\b");

  private AlertRules() {}

  static List<Path> files() {
    return List.of(RECORDING, ALERTS);
  }

  /** The tests of promtool. */
  static List<Path> tests() {
    try (Stream<Path> files = Files.list(FOLDER.resolve("tests"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the rules of all alerts, each as in the file. */
  static List<JsonNode> alerts() {
    return rules(ALERTS);
  }

  /** Returns the metrics that the rules read, without those that they record themselves. */
  static Set<String> metrics() {
    Set<String> names = new TreeSet<>();
    files().stream()
        .flatMap(file -> rules(file).stream())
        .forEach(rule -> names.addAll(metricsOf(rule.path("expr").asText())));
    names.removeIf(name -> name.contains(":"));
    return names;
  }

  /** Returns the names of the metrics in an expression of PromQL. */
  private static Set<String> metricsOf(String expression) {
    Set<String> names = new TreeSet<>();
    METRIC
        .matcher(expression.replaceAll("\"[^\"]*\"", "\"\""))
        .results()
        .forEach(match -> names.add(match.group()));
    return names;
  }

  private static List<JsonNode> rules(Path file) {
    List<JsonNode> rules = new ArrayList<>();
    Yaml.read(file).path("groups").forEach(group -> group.path("rules").forEach(rules::add));
    return rules;
  }
}

package dev.throng.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.OllamaProcess;
import dev.throng.fixtures.Await;
import dev.throng.it.Component;
import dev.throng.it.RunningServer;
import dev.throng.monitoring.Dashboard.Panel;
import dev.throng.monitoring.Dashboard.Query;
import dev.throng.observe.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real server with a real backend and Redis, scraped by a real Prometheus, whose alerts go
 * through a real Alertmanager. The rules are those of deploy/prometheus, except that alerts fire
 * after a second. In the beginning the backend is killed and started again.
 */
@Tag("alone")
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class MonitoringTest {
  private static final String LAMP = "How much does the lamp L7 draw?";

  @TempDir private static Path folder;
  private static Component redis;
  private static AlertReceiver alerts;
  private static OllamaProcess ollama;
  private static RunningServer throng;
  private static Prometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    redis = Component.redis();
    alerts = new AlertReceiver(folder);
    ollama = OllamaProcess.start();
    throng =
        RunningServer.start(
            folder,
            Map.of(
                "redis.urls", "redis://127.0.0.1:" + redis.port(),
                "eval.questions", questions().toString(),
                "eval.interval", "1s",
                "observe.prompt_price", "1",
                "observe.generated_price", "2"),
            ollama);
    prometheus =
        Prometheus.start(folder, hostAndPort(throng.url()), List.of(hostAndPort(alerts.url())));
    Await.until("a scrape", () -> !prometheus.query("throng_ready == 1").isEmpty());
    useIt();
  }

  private static Path questions() throws IOException {
    return Files.writeString(
        folder.resolve("questions.jsonl"),
        "{\"question\": \"%s\", \"documents\": [\"lamp.md\"]}\n".formatted(LAMP));
  }

  @AfterAll
  static void stop() throws IOException {
    prometheus.close();
    throng.close();
    ollama.close();
    alerts.close();
    redis.close();
  }

  private static String hostAndPort(String url) {
    return url.substring("http://".length());
  }

  /** Causes events of every kind, with a scrape before and after them. */
  private static void useIt() throws Exception {
    CompletableFuture<JsonNode> first = throng.queryAsync(LAMP);
    CompletableFuture<JsonNode> second = throng.queryAsync(LAMP); // follows
    assertEquals("stop", first.get().path("finish_reason").asText());
    assertEquals("stop", second.get().path("finish_reason").asText());
    assertTrue(throng.query(LAMP).path("cached").asBoolean());
    assertEquals(404, throng.get("/nothing").path("status").asInt());
    throng.upload("valve.md", "# Valve V2\n\nThe valve V2 opens at 4 bar.\n");
    Await.until("the upload", () -> !prometheus.query("throng_jobs_ended_total").isEmpty());
    System.gc(); // the server is in this process
    killAndRestartTheBackend();
    Thread.sleep(2_000); // two scrapes
  }

  private static void killAndRestartTheBackend() throws Exception {
    ollama.kill();
    JsonNode lesser = throng.query("How often must the pump P3 be oiled?");
    assertTrue(lesser.path("degraded").asBoolean(), lesser.toString());
    Await.until(
        "alerts of the dead backend",
        () -> alerts.areFiring("ThrongNoBackend", "ThrongBackendDown"));
    ollama.restart();
    Await.until(
        "the end of these alerts",
        () -> alerts.areResolved("ThrongNoBackend", "ThrongBackendDown"));
  }

  @Test
  void alertsReachTheReceiverAndEnd() {
    assertTrue(alerts.areResolved("ThrongNoBackend", "ThrongBackendDown"), alerts.toString());
  }

  @Test
  void promtoolFindsNoFaultInTheMetrics() throws Exception {
    Promtool.checkMetrics(throng.text("/metrics"));
  }

  @Test
  void rulesReadOnlyMetricsThatExist() {
    Set<String> unknown = new TreeSet<>(AlertRules.metrics());
    unknown.removeAll(scraped());
    // Some series begin with their first event. kube-state-metrics is not there.
    unknown.removeIf(name -> Metric.referenceMarkdown().contains("`" + family(name) + "`"));
    unknown.removeIf(name -> name.startsWith("kube_"));
    assertEquals(Set.of(), unknown);
  }

  private static Set<String> scraped() {
    return StreamSupport.stream(prometheus.query("{job=\"throng\"}").spliterator(), false)
        .map(series -> series.path("metric").path("__name__").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String family(String series) {
    return series.replaceFirst("_(bucket|count|sum)$", "");
  }

  @Test
  void everyPanelOfTheDashboardsHasData() {
    List<String> empty = new ArrayList<>();
    for (Dashboard dashboard : Dashboards.all()) {
      for (Panel panel : dashboard.panels()) {
        panel.queries().stream()
            .filter(query -> !hasData(query))
            .forEach(query ->
                empty.add(dashboard.name() + ", " + panel.title() + ": " + query.expression()));
      }
    }
    assertEquals("", String.join("\n", empty));
  }

  @Test
  void everyMetricOfTheAutoscalerHasData() {
    for (AdapterRule rule : AdapterRule.ofPods()) {
      assertTrue(hasData(rule.seriesQuery()), rule.name());
      assertTrue(hasData(rule.queryOfPods("docs", "throng-.*")), rule.name());
    }
    for (AdapterRule rule : AdapterRule.ofNamespaces()) {
      assertTrue(hasData(rule.seriesQuery()), rule.name());
      assertTrue(hasData(rule.queryOfNamespace("docs")), rule.name());
    }
  }

  private static boolean hasData(Query query) {
    return hasData(
        query
            .expression()
            .replace("$namespace", ".*")
            .replace("$job", "throng")
            .replace("$__rate_interval", "2m"));
  }

  private static boolean hasData(String expression) {
    return StreamSupport.stream(prometheus.query(expression).spliterator(), false)
        .anyMatch(series -> !series.path("value").path(1).asText().equals("NaN"));
  }
}

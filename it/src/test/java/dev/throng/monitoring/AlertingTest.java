package dev.throng.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.throng.bench.rig.OllamaProcess;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.fixtures.Await;
import dev.throng.it.Component;
import dev.throng.it.LoopbackProcess;
import dev.throng.it.RunningServer;
import dev.throng.observe.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real server with a real backend, scraped by a real Prometheus, whose alerts go through a real
 * Alertmanager to a receiver. The rules are those of deploy/prometheus, except that alerts fire
 * after a second.
 */
@Tag("alone")
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class AlertingTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The state of each alert at the receiver: firing or resolved. */
  private static final Map<String, String> received = new ConcurrentHashMap<>();

  @TempDir private static Path folder;
  private static HttpServer receiver;
  private static LoopbackProcess alertmanager;
  private static OllamaProcess ollama;
  private static RunningServer throng;
  private static Prometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    receiver = receiver();
    alertmanager = alertmanager(receiver.getAddress().getPort());
    ollama = OllamaProcess.start();
    throng = RunningServer.start(folder, ollama);
    prometheus =
        Prometheus.start(folder, hostAndPort(throng.url()), hostAndPort(alertmanager.url()));
    assertEquals(
        "stop", throng.query("How much does the lamp draw?").path("finish_reason").asText());
  }

  @AfterAll
  static void stop() throws IOException {
    prometheus.close();
    throng.close();
    ollama.close();
    alertmanager.close();
    receiver.stop(0);
  }

  private static String hostAndPort(String url) {
    return url.substring("http://".length());
  }

  private static HttpServer receiver() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          for (JsonNode alert : JSON.readTree(exchange.getRequestBody()).path("alerts")) {
            received.put(
                alert.path("labels").path("alertname").asText(), alert.path("status").asText());
          }
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static LoopbackProcess alertmanager(int receiver) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("alertmanager.yml"),
            """
            route: {receiver: test, group_by: ["..."], group_wait: 0s, group_interval: 1s}
            receivers:
              - name: test
                webhook_configs: [{url: "http://127.0.0.1:PORT/", send_resolved: true}]
            """
                .replace("PORT", Integer.toString(receiver)));
    int port = ServerProcess.freePort();
    return LoopbackProcess.start(
        folder.resolve("alertmanager.log"),
        port,
        List.of(
            Component.path("alertmanager"),
            "--config.file=" + config,
            "--storage.path=" + folder.resolve("alertmanager"),
            "--cluster.listen-address=",
            "--web.listen-address=127.0.0.1:" + port));
  }

  private static Set<String> scraped() {
    return StreamSupport.stream(prometheus.query("{job=\"throng\"}").spliterator(), false)
        .map(series -> series.path("metric").path("__name__").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void promtoolFindsNoFaultInTheMetrics() throws Exception {
    Promtool.checkMetrics(throng.text("/metrics"));
  }

  @Test
  void rulesReadOnlyMetricsThatExist() throws Exception {
    Await.until("a scrape", () -> !scraped().isEmpty());
    Set<String> unknown = new TreeSet<>(AlertRules.metrics());
    unknown.removeAll(scraped());
    // Some series begin with their first event. kube-state-metrics is not there.
    unknown.removeIf(name -> Metric.referenceMarkdown().contains("`" + family(name) + "`"));
    unknown.removeIf(name -> name.startsWith("kube_"));
    assertEquals(Set.of(), unknown);
  }

  private static String family(String series) {
    return series.replaceFirst("_(bucket|count|sum)$", "");
  }

  @Test
  void deadBackendRaisesItsAlertAtTheReceiverAndItsReturnResolvesIt() throws Exception {
    ollama.kill();
    var _ = throng.query("How often must the pump be oiled?");
    Await.until(
        "the alerts: " + received,
        () ->
            "firing".equals(received.get("ThrongNoBackend"))
                && "firing".equals(received.get("ThrongBackendDown")));
    ollama.restart();
    Await.until(
        "their end",
        () ->
            "resolved".equals(received.get("ThrongNoBackend"))
                && "resolved".equals(received.get("ThrongBackendDown")));
    assertTrue(throng.metric("throng_ready") > 0);
  }
}

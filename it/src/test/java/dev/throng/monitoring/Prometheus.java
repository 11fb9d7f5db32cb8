package dev.throng.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.fixtures.Await;
import dev.throng.it.Component;
import dev.throng.it.Http;
import dev.throng.it.LoopbackProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real Prometheus that scrapes a server each second. Alerts fire after a second. */
public final class Prometheus implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int OK = 200;

  private final HttpClient http = HttpClient.newHttpClient();
  private final LoopbackProcess process;

  private Prometheus(LoopbackProcess process) {
    this.process = process;
  }

  /**
   * Starts it with the rules of deploy/prometheus.
   *
   * @param server host and port of the server; its series are those of pod docs/throng-0, unless
   *     they name another
   * @param alertmanagers hosts and ports of the receivers of alerts
   */
  public static Prometheus start(Path folder, String server, List<String> alertmanagers)
      throws IOException, InterruptedException {
    for (Path file : AlertRules.files()) {
      String rules = Files.readString(file).replaceAll("for: \\d+[mh]", "for: 1s");
      Files.writeString(folder.resolve(file.getFileName()), rules);
    }
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: ["throng-*.yml"]
            alerting:
              alertmanagers: [{static_configs: [{targets: ALERTMANAGERS}]}]
            scrape_configs:
              - job_name: throng
                honor_labels: true
                static_configs: [{targets: ["SERVER"], labels: {namespace: docs, pod: throng-0}}]
            """
                .replace("ALERTMANAGERS", alertmanagers.toString())
                .replace("SERVER", server));
    int port = ServerProcess.freePort();
    Prometheus started =
        new Prometheus(
            LoopbackProcess.start(
                folder.resolve("prometheus.log"),
                port,
                List.of(
                    Component.path("prometheus"),
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + folder.resolve("series"),
                    "--web.listen-address=127.0.0.1:" + port)));
    Await.until("Prometheus is ready", started::isReady);
    return started;
  }

  /** Returns the results of a query, now. */
  public JsonNode query(String expression) {
    String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    URI uri = URI.create(process.url() + "/api/v1/query?query=" + query);
    JsonNode answer = parse(get(uri));
    if (!answer.path("status").asText().equals("success")) {
      throw new IllegalArgumentException(expression + ": " + answer.path("error").asText());
    }
    return answer.path("data").path("result");
  }

  private boolean isReady() {
    return get(URI.create(process.url() + "/-/ready")).statusCode() == OK;
  }

  private static JsonNode parse(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(response.body(), e);
    }
  }

  private HttpResponse<String> get(URI uri) {
    return Http.send(http, HttpRequest.newBuilder(uri).build());
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.close();
  }
}

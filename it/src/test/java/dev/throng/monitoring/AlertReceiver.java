package dev.throng.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.it.Component;
import dev.throng.it.LoopbackProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A real Alertmanager, and the receiver that it tells of alerts. */
final class AlertReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The state of each alert: firing or resolved. */
  private final Map<String, String> states = new ConcurrentHashMap<>();

  private final HttpServer receiver;
  private final LoopbackProcess alertmanager;

  AlertReceiver(Path folder) throws IOException, InterruptedException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::receive);
    receiver.start();
    alertmanager = alertmanager(folder, receiver.getAddress().getPort());
  }

  private void receive(HttpExchange exchange) throws IOException {
    for (JsonNode alert : JSON.readTree(exchange.getRequestBody()).path("alerts")) {
      states.put(alert.path("labels").path("alertname").asText(), alert.path("status").asText());
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static LoopbackProcess alertmanager(Path folder, int receiver)
      throws IOException, InterruptedException {
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

  /** Returns the address of the Alertmanager. */
  String url() {
    return alertmanager.url();
  }

  /** Returns whether the last message about each of these alerts said that it fires. */
  boolean areFiring(String... alerts) {
    return List.of(alerts).stream().allMatch(alert -> "firing".equals(states.get(alert)));
  }

  /** Returns whether the last message about each of these alerts said that it has ended. */
  boolean areResolved(String... alerts) {
    return List.of(alerts).stream().allMatch(alert -> "resolved".equals(states.get(alert)));
  }

  /** Returns the alerts that it was told of. */
  @Override
  public String toString() {
    return states.toString();
  }

  @Override
  public void close() {
    alertmanager.close();
    receiver.stop(0);
  }
}

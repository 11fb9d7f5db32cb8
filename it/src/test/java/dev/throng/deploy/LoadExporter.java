package dev.throng.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.throng.deploy.Fleet.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Exports the load of all pods as the metrics that servers would have. */
final class LoadExporter implements AutoCloseable {
  private static final int QUESTIONS_PER_SCRAPE = 10;

  /** Questions of a pod so far, by whether they were slow. */
  private static final class Asked {
    private int quick;
    private int slow;
  }

  private final HttpServer server;
  private final Fleet fleet;
  private final Map<String, Asked> asked = new HashMap<>(); // of the only thread of the server
  private volatile boolean isFailing;

  LoadExporter(Fleet fleet) throws IOException {
    this.fleet = fleet;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
  }

  /** Returns host and port. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Sets whether few answers come from the cache, and many requests fail. */
  void setFailing(boolean isFailing) {
    this.isFailing = isFailing;
  }

  private void respond(HttpExchange exchange) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Pod pod : fleet.pods()) {
      appendPod(text, pod);
    }
    append(text, "throng:answers_without_generation:ratio_rate5m", "", isFailing ? 0.1 : 0.95);
    append(text, "throng:request_errors:ratio_rate5m", "", isFailing ? 0.5 : 0.001);
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void appendPod(StringBuilder text, Pod pod) {
    Load load = fleet.load(pod);
    Asked questions = asked.computeIfAbsent(pod.name(), _ -> new Asked());
    if (load.isSlow()) {
      questions.slow += QUESTIONS_PER_SCRAPE;
    } else {
      questions.quick += QUESTIONS_PER_SCRAPE;
    }
    String label = ",pod=\"%s\"".formatted(pod.name());
    String buckets = "throng_question_own_seconds_bucket";
    append(text, buckets, label + ",le=\"0.5\"", questions.quick);
    append(text, buckets, label + ",le=\"4\"", questions.quick + questions.slow);
    append(text, buckets, label + ",le=\"+Inf\"", questions.quick + questions.slow);
    append(text, "throng_http_in_flight", label, load.inFlight());
    append(text, "throng_retrievals_oldest_wait_seconds", label, load.waitSeconds());
  }

  private static void append(StringBuilder text, String name, String labels, double value) {
    text.append("%s{namespace=\"docs\"%s} %s%n".formatted(name, labels, value));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

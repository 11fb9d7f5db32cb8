package dev.throng.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.throng.deploy.Fleet.Pod;
import dev.throng.fixtures.SelfSigned;
import dev.throng.monitoring.AdapterRule;
import dev.throng.monitoring.Prometheus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What metrics-server and prometheus-adapter are to a cluster: CPU and memory are those of the
 * fleet, the other metrics what the adapter's rules find in a real Prometheus.
 */
final class MetricsApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RESOURCES = "metrics.k8s.io";
  private static final String CUSTOM = "custom.metrics.k8s.io";
  private static final String EXTERNAL = "external.metrics.k8s.io";

  /** As requested in values-1000-users.yaml. */
  private static final double REQUESTED_CORES = 4;

  private static final double REQUESTED_BYTES = 8.0 * (1L << 30);

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Fleet fleet;
  private final Prometheus prometheus;
  private final Map<String, AdapterRule> ofPods = byName(AdapterRule.ofPods());
  private final Map<String, AdapterRule> ofNamespaces = byName(AdapterRule.ofNamespaces());

  MetricsApi(Path folder, Fleet fleet, Prometheus prometheus)
      throws IOException, GeneralSecurityException, InterruptedException {
    this.fleet = fleet;
    this.prometheus = prometheus;
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(new SelfSigned(folder).context()));
    server.setExecutor(threads);
    server.createContext("/", this::respond);
    server.start();
  }

  private static Map<String, AdapterRule> byName(List<AdapterRule> rules) {
    return rules.stream().collect(Collectors.toMap(AdapterRule::name, Function.identity()));
  }

  /** Returns the objects that make Kubernetes ask here. */
  String registration() {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: metrics, namespace: default}
    spec: {type: ExternalName, externalName: localhost, ports: [{port: PORT}]}
    """
            .replace("PORT", Integer.toString(server.getAddress().getPort()))
        + Stream.of(RESOURCES, CUSTOM, EXTERNAL)
            .map(this::registration)
            .collect(Collectors.joining());
  }

  private String registration(String group) {
    return """
    ---
    apiVersion: apiregistration.k8s.io/v1
    kind: APIService
    metadata: {name: v1beta1.GROUP}
    spec:
      group: GROUP
      version: v1beta1
      groupPriorityMinimum: 100
      versionPriority: 100
      insecureSkipTLSVerify: true
      service: {name: metrics, namespace: default, port: PORT}
    """
        .replace("GROUP", group)
        .replace("PORT", Integer.toString(server.getAddress().getPort()));
  }

  private void respond(HttpExchange exchange) throws IOException {
    JsonNode found = find(exchange);
    byte[] body = JSON.writeValueAsBytes(found == null ? Map.of("kind", "Status") : found);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(found == null ? 404 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Paths are /apis/GROUP/VERSION/namespaces/docs/... */
  private @Nullable JsonNode find(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    List<String> parts = List.of(path.split("/", -1));
    String name = parts.getLast();
    if (parts.size() == 4) {
      return resources(parts.get(2));
    }
    if (path.endsWith("/namespaces/docs/pods")) {
      return usage(podsOf(exchange));
    }
    AdapterRule rule = (path.contains("/pods/*/") ? ofPods : ofNamespaces).get(name);
    if (rule == null) {
      return null;
    }
    return path.contains("/pods/*/") ? ofPods(rule, podsOf(exchange)) : ofNamespace(rule);
  }

  /** The autoscaler selects pods by the labels of the release. */
  private List<Pod> podsOf(HttpExchange exchange) {
    String query =
        URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
    return fleet.pods().stream()
        .filter(pod -> query.contains("app.kubernetes.io/instance=%s,".formatted(pod.release())))
        .toList();
  }

  private ObjectNode resources(String group) {
    ObjectNode list = list("APIResourceList", "v1").put("groupVersion", group + "/v1beta1");
    ArrayNode resources = list.putArray("resources");
    switch (group) {
      case RESOURCES -> resource(resources, "pods", "PodMetrics");
      case CUSTOM ->
          ofPods.keySet().forEach(name -> resource(resources, "pods/" + name, "MetricValueList"));
      default ->
          ofNamespaces
              .keySet()
              .forEach(name -> resource(resources, name, "ExternalMetricValueList"));
    }
    return list;
  }

  private static void resource(ArrayNode resources, String name, String kind) {
    resources
        .addObject()
        .put("name", name)
        .put("singularName", "")
        .put("namespaced", true)
        .put("kind", kind)
        .putArray("verbs")
        .add("get")
        .add("list");
  }

  private ObjectNode usage(List<Pod> pods) {
    ObjectNode list = list("PodMetricsList", RESOURCES + "/v1beta1");
    ArrayNode items = list.putArray("items");
    for (Pod pod : pods) {
      Load load = fleet.load(pod);
      ObjectNode item = items.addObject().put("timestamp", now()).put("window", "1s");
      item.putObject("metadata").put("name", pod.name()).put("namespace", "docs");
      item.putArray("containers")
          .addObject()
          .put("name", "throng")
          .putObject("usage")
          .put("cpu", quantity(load.cpu() * REQUESTED_CORES))
          .put("memory", Long.toString(Math.round(load.memory() * REQUESTED_BYTES)));
    }
    return list;
  }

  private ObjectNode ofPods(AdapterRule rule, List<Pod> pods) {
    ObjectNode list = list("MetricValueList", CUSTOM + "/v1beta1");
    ArrayNode items = list.putArray("items");
    String names = pods.stream().map(Pod::name).collect(Collectors.joining("|"));
    for (JsonNode series : prometheus.query(shortened(rule.queryOfPods("docs", names)))) {
      ObjectNode item = items.addObject();
      item.putObject("describedObject")
          .put("kind", "Pod")
          .put("apiVersion", "/v1")
          .put("namespace", "docs")
          .put("name", series.path("metric").path("pod").asText());
      item.put("metricName", rule.name()).put("timestamp", now()).put("value", value(series));
    }
    return list;
  }

  private ObjectNode ofNamespace(AdapterRule rule) {
    ObjectNode list = list("ExternalMetricValueList", EXTERNAL + "/v1beta1");
    ArrayNode items = list.putArray("items");
    for (JsonNode series : prometheus.query(rule.queryOfNamespace("docs"))) {
      ObjectNode item = items.addObject().put("metricName", rule.name());
      item.put("timestamp", now()).put("value", value(series)).putObject("metricLabels");
    }
    return list;
  }

  /** The window of a rate is a tenth, like the periods of the autoscaler. */
  private static String shortened(String query) {
    return query.replace("[2m]", "[12s]");
  }

  private static ObjectNode list(String kind, String version) {
    ObjectNode list = JSON.createObjectNode().put("kind", kind).put("apiVersion", version);
    list.putObject("metadata");
    return list;
  }

  private static String value(JsonNode series) {
    return quantity(series.path("value").path(1).asDouble());
  }

  /** In thousandths, as Kubernetes writes numbers with a fraction. */
  private static String quantity(double value) {
    return Math.round(value * 1000) + "m";
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}

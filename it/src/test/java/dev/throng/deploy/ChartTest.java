package dev.throng.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.it.Command;
import dev.throng.it.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart with each of its files of values. No cluster is involved. */
@Timeout(180)
final class ChartTest {
  /** Kinds of the Prometheus Operator, whose schemas are not part of Kubernetes. */
  private static final String OTHERS = "ServiceMonitor,PrometheusRule";

  /** Everything that is off by default. */
  static final String[] ALL = {
    "ollama.enabled=true",
    "redis.enabled=true",
    "autoscaling.enabled=true",
    "autoscaling.literal=true",
    "monitoring.serviceMonitor=true",
    "monitoring.prometheusRule=true",
    "monitoring.dashboards=true",
    "ingress.enabled=true",
    "ingress.hosts[0].host=docs.example.org",
    "allowedHosts[0]=other.example.org",
    "secrets.THRONG_ADMIN_TOKEN.name=secret",
    "secrets.THRONG_ADMIN_TOKEN.key=token"
  };

  /** Twice what was measured: the embedding model, code, threads and files in memory. */
  private static final double OUTSIDE_OF_HEAP_GIBIBYTES = 0.8;

  @TempDir private Path folder = Path.of("");

  static List<Path> valuesFiles() {
    return Chart.valuesFiles();
  }

  @ParameterizedTest
  @MethodSource("valuesFiles")
  void helmFindsNoFault(Path values) {
    Chart.lint(values);
  }

  @ParameterizedTest
  @MethodSource("valuesFiles")
  void objectsMatchTheSchemasOfKubernetes(Path values) throws IOException {
    check(Chart.render(values));
    check(Chart.render(values, ALL));
    check(Chart.render(values, "data.size=5Gi", "data.storageClass=fast"));
  }

  private void check(String rendered) throws IOException {
    Path file = Files.writeString(folder.resolve("objects.yaml"), rendered);
    var _ =
        Command.run(
            List.of(
                Component.path("kubeconform"),
                "-strict",
                "-skip",
                OTHERS,
                "-schema-location",
                Component.path("k8s-schemas") + "/{{.ResourceKind}}{{.KindSuffix}}.json",
                file.toString()));
  }

  @ParameterizedTest
  @MethodSource("valuesFiles")
  void serverAcceptsItsConfiguration(Path values) throws IOException {
    ThrongConfig config = config(Chart.render(values));
    assertEquals("0.0.0.0", config.server().host());
    assertEquals(8081, config.server().managementPort());
    assertTrue(config.server().allowedHosts().contains("throng.docs.svc"));
    ThrongConfig all = config(Chart.render(values, ALL));
    assertTrue(all.server().allowedHosts().contains("docs.example.org"));
    assertTrue(all.server().allowedHosts().contains("other.example.org"));
    assertTrue(all.redis().isUsed());
    assertFalse(all.backends().isEmpty());
  }

  /** Returns what the server reads from the ConfigMap, with the environment of its pod. */
  private ThrongConfig config(String rendered) throws IOException {
    JsonNode map =
        Chart.objects(rendered, "ConfigMap").stream()
            .filter(object -> object.path("data").has("throng.yaml"))
            .findFirst()
            .orElseThrow();
    Path file =
        Files.writeString(
            folder.resolve("throng.yaml"), map.path("data").path("throng.yaml").asText());
    Map<String, String> environment = new HashMap<>();
    for (JsonNode variable : servers(rendered).path("containers").path(0).path("env")) {
      String name = variable.path("name").asText();
      if (!name.equals("THRONG_JAVA_OPTS")) { // read by the launcher
        environment.put(name, variable.path("value").asText("a secret of some length"));
      }
    }
    return ConfigLoader.load(file, environment, Map.of());
  }

  private static JsonNode servers(String rendered) {
    return podSpecs(rendered).getFirst();
  }

  /** Returns the pods' specifications; the servers' are first. */
  private static List<JsonNode> podSpecs(String rendered) {
    List<JsonNode> workloads = new ArrayList<>(Chart.objects(rendered, "Deployment"));
    workloads.addAll(Chart.objects(rendered, "StatefulSet"));
    return workloads.stream()
        .map(workload -> workload.path("spec").path("template").path("spec"))
        .sorted((one, other) -> Boolean.compare(isServer(other), isServer(one)))
        .toList();
  }

  private static boolean isServer(JsonNode pod) {
    return pod.path("containers").path(0).path("name").asText().equals("throng");
  }

  @ParameterizedTest
  @MethodSource("valuesFiles")
  void everyContainerIsUnprivilegedAndReadOnly(Path values) {
    for (JsonNode pod : podSpecs(Chart.render(values, ALL))) {
      assertTrue(pod.path("securityContext").path("runAsNonRoot").asBoolean(), pod.toString());
      assertFalse(pod.path("automountServiceAccountToken").asBoolean(true));
      assertFalse(
          pod.path("enableServiceLinks").asBoolean(true), "its variables look like settings");
      List<JsonNode> containers = new ArrayList<>();
      pod.path("initContainers").forEach(containers::add);
      pod.path("containers").forEach(containers::add);
      for (JsonNode container : containers) {
        JsonNode security = container.path("securityContext");
        assertTrue(security.path("readOnlyRootFilesystem").asBoolean(), container.toString());
        assertFalse(security.path("allowPrivilegeEscalation").asBoolean(true));
        assertEquals("ALL", security.path("capabilities").path("drop").path(0).asText());
      }
    }
  }

  @Test
  void versionIsThatOfTheServer() throws IOException {
    String revision = "<revision>%s</revision>".formatted(Chart.about().path("version").asText());
    assertTrue(Files.readString(Path.of("../pom.xml")).contains(revision), revision);
    assertEquals(Chart.about().path("version"), Chart.about().path("appVersion"));
  }

  @Test
  void podStopsLaterThanItsServerDrains() {
    JsonNode pod = servers(Chart.render(Chart.values("values.yaml"), "preStopSeconds=9"));
    long drain = ConfigLoader.load(null, Map.of(), Map.of()).server().drainTimeout().toSeconds();
    assertEquals(
        9,
        pod.path("containers")
            .path(0)
            .path("lifecycle")
            .path("preStop")
            .path("sleep")
            .path("seconds")
            .asInt());
    assertTrue(pod.path("terminationGracePeriodSeconds").asLong() >= 9 + drain + 10);
  }

  @Test
  void autoscalerHasTheRulesOfTheOriginalPlan() {
    JsonNode spec =
        Chart.objects(
                Chart.render(Chart.values("values-1000-users.yaml")), "HorizontalPodAutoscaler")
            .getFirst()
            .path("spec");
    assertEquals(5, spec.path("minReplicas").asInt());
    assertEquals(20, spec.path("maxReplicas").asInt());
    assertEquals(70, target(spec, "resource", "cpu").path("averageUtilization").asInt());
    assertEquals(80, target(spec, "resource", "memory").path("averageUtilization").asInt());
    assertEquals(
        "2", target(spec, "pods", "throng_question_own_p95_seconds").path("averageValue").asText());
    JsonNode up = spec.path("behavior").path("scaleUp").path("policies").path(0);
    assertEquals(100, up.path("value").asInt());
    assertEquals(15, up.path("periodSeconds").asInt());
    JsonNode down = spec.path("behavior").path("scaleDown").path("policies").path(0);
    assertEquals(50, down.path("value").asInt());
    assertEquals(300, down.path("periodSeconds").asInt());
    assertEquals(5, spec.path("metrics").size(), "no hit rate, no errors: replicas do not help");
  }

  /** Even with a full heap; otherwise memory alone would add replicas. */
  @Test
  void steadyReplicaUsesAtMost60PercentOfItsRequest() {
    JsonNode container =
        servers(Chart.render(Chart.values("values-1000-users.yaml"))).path("containers").path(0);
    String options = container.path("env").path(0).path("value").asText(); // THRONG_JAVA_OPTS
    double heapShare = Double.parseDouble(options.replaceFirst(".*MaxRAMPercentage=", "")) / 100;
    JsonNode resources = container.path("resources");
    double most = heapShare * gibibytes(resources, "limits") + OUTSIDE_OF_HEAP_GIBIBYTES;
    assertTrue(most <= 0.6 * gibibytes(resources, "requests"), most + " GiB");
  }

  private static double gibibytes(JsonNode resources, String kind) {
    return Double.parseDouble(resources.path(kind).path("memory").asText().replaceFirst("Gi$", ""));
  }

  private static JsonNode target(JsonNode spec, String type, String name) {
    for (JsonNode metric : spec.path("metrics")) {
      JsonNode source = metric.path(type);
      if (source.path("name").asText(source.path("metric").path("name").asText()).equals(name)) {
        return source.path("target");
      }
    }
    throw new AssertionError("no metric " + name);
  }

  @Test
  void rulesAndDashboardsAreInTheChart() {
    String rendered = Chart.render(Chart.values("values-1000-users.yaml"));
    assertEquals(
        7,
        Chart.objects(rendered, "ConfigMap").stream()
            .filter(map -> map.path("metadata").path("labels").has("grafana_dashboard"))
            .count());
    JsonNode rules = Chart.objects(rendered, "PrometheusRule").getFirst().path("spec");
    assertTrue(rules.findValuesAsText("alert").contains("ThrongNoBackend"));
    assertTrue(rules.findValuesAsText("record").contains("throng:backends_up:ratio"));
  }

  @Test
  void unknownValueIsRefused() {
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class,
            () -> Chart.render(Chart.values("values.yaml"), "replicaCount=3"));
    assertTrue(String.valueOf(failure.getMessage()).contains("replicaCount"), failure::toString);
  }
}

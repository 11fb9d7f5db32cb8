package dev.throng.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.deploy.Fleet.Scale;
import dev.throng.fixtures.Await;
import dev.throng.it.Command;
import dev.throng.it.Component;
import dev.throng.monitoring.Prometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The chart in a real Kubernetes without nodes, whose namespace admits restricted pods only. All
 * periods of autoscaling are a tenth of those in use.
 */
@EnabledIf(
    value = "isInstalled",
    disabledReason = "`dev/components install kubernetes` was not run, which can take 20 minutes")
@Timeout(400)
final class KubernetesTest {
  private static final Duration BOUND = Duration.ofSeconds(150);

  /** A release for each rule, with the load that breaks it. */
  private static final Map<String, Load> BUSY =
      Map.of(
          "throng-cpu", Load.BUSY_CPU,
          "throng-memory", Load.FULL_MEMORY,
          "throng-slow", Load.SLOW,
          "throng-crowded", Load.CROWDED,
          "throng-waiting", Load.WAITING,
          "throng-literal", Load.LOW); // few hits, many errors

  /** Periods a little shorter than those of the autoscaler, because the fleet is polled. */
  private static final Duration UP_PERIOD = Duration.ofMillis(1_500);

  private static final Duration DOWN_PERIOD = Duration.ofSeconds(28);

  private static final String STEADY = "throng-steady";

  @TempDir private static Path folder = Path.of("");

  private static ControlPlane kubernetes;

  static boolean isInstalled() {
    return Component.isInstalled("kubernetes");
  }

  @BeforeAll
  static void start() throws Exception {
    kubernetes = ControlPlane.start(folder);
    kubernetes.apply(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: docs, labels: {pod-security.kubernetes.io/enforce: restricted}}
        """);
    Path definitions = Path.of(Component.path("prometheus-operator-crds"));
    var _ = kubernetes.kubectl("", "create", "-f", definitions.toString());
    var _ =
        kubernetes.kubectl(
            "", "wait", "--for=condition=Established", "--timeout=20s", "crd", "--all");
  }

  @AfterAll
  static void stop() {
    kubernetes.close();
  }

  static List<Path> valuesFiles() {
    return Chart.valuesFiles();
  }

  @ParameterizedTest
  @MethodSource("valuesFiles")
  void serverAcceptsEveryObject(Path values) {
    kubernetes.check(Chart.render(values));
    kubernetes.check(Chart.render(values, ChartTest.ALL));
  }

  @Test
  void helmInstallsItAsTheGuideSays() throws IOException {
    Path guide = Path.of("..", "docs", "guide", "kubernetes.md");
    List<String> commands =
        Files.readAllLines(guide).stream()
            .filter(line -> line.startsWith("    helm "))
            .map(String::strip)
            .toList();
    assertFalse(commands.isEmpty());
    for (String command : commands) {
      String helm = command.replaceFirst("^helm", Component.path("helm"));
      var _ =
          Command.run(
              List.of(
                  "bash",
                  "-c",
                  "cd .. && %s --kubeconfig %s".formatted(helm, kubernetes.kubeconfig())));
    }
    assertEquals(
        "StatefulSet",
        kubernetes.get("/apis/apps/v1/namespaces/docs/statefulsets/throng").path("kind").asText());
  }

  @Test
  void replicasFollowEachRule() throws Exception {
    try (Fleet fleet = new Fleet(kubernetes);
        LoadExporter exporter = new LoadExporter(fleet);
        Prometheus prometheus =
            Prometheus.start(
                Files.createDirectory(folder.resolve("prometheus")),
                exporter.address(),
                List.of());
        MetricsApi metrics = new MetricsApi(folder, fleet, prometheus)) {
      kubernetes.apply(metrics.registration());
      kubernetes.apply(releases());
      awaitReplicas(fleet, 5);
      awaitMetrics();

      exporter.setFailing(true);
      BUSY.forEach(fleet::setLoad);
      fleet.setLoad(STEADY, Load.STEADY);
      awaitReplicas(fleet, 20);

      exporter.setFailing(false);
      BUSY.keySet().forEach(release -> fleet.setLoad(release, Load.LOW));
      awaitReplicas(fleet, 5);

      BUSY.keySet().forEach(release -> assertSteps(release, fleet.scales(release)));
      assertEquals(5, fleet.scales(STEADY).getLast().replicas());
      assertTrue(
          fleet.scales(STEADY).stream().allMatch(scale -> scale.replicas() <= 5),
          fleet.scales(STEADY).toString());
    }
  }

  @Test
  void evictionsTakeOneReplicaAtATime() {
    String release = "throng-evicted";
    kubernetes.apply(Chart.render(release, Chart.values("values.yaml"), "replicas=3"));
    List<String> first = awaitPods(release, 3);
    first.forEach(kubernetes::markReady);
    Await.until("an eviction is allowed", BOUND, () -> kubernetes.evict(first.get(0)));
    assertFalse(kubernetes.evict(first.get(1)), "its replacement is not ready");

    awaitPods(release, 3).forEach(kubernetes::markReady);
    Await.until("the next eviction is allowed", BOUND, () -> kubernetes.evict(first.get(1)));
    assertFalse(kubernetes.evict(first.get(2)));
  }

  @Test
  void updateAddsAReplicaBeforeItTakesOne() {
    String release = "throng-updated";
    Path values = Chart.values("values.yaml");
    kubernetes.apply(Chart.render(release, values, "replicas=2"));
    List<String> former = awaitPods(release, 2);
    former.forEach(kubernetes::markReady);

    kubernetes.apply(Chart.render(release, values, "replicas=2", "image.tag=next"));
    List<String> during = awaitPods(release, 3);
    assertTrue(during.containsAll(former), "both continue while the new one starts");
    during.stream().filter(pod -> !former.contains(pod)).forEach(kubernetes::markReady);
    Await.until("a former one is replaced", BOUND, () -> !podNames(release).containsAll(former));
  }

  /** Waits until a release has as many pods, and returns their names. */
  private static List<String> awaitPods(String release, int pods) {
    Await.until(pods + " pods", BOUND, () -> podNames(release).size() == pods);
    return podNames(release);
  }

  private static List<String> podNames(String release) {
    return kubernetes.pods("app.kubernetes.io/instance=" + release).stream()
        .map(pod -> pod.path("metadata").path("name").asText())
        .toList();
  }

  private static String releases() {
    List<String> releases = new ArrayList<>(BUSY.keySet());
    releases.add(STEADY);
    return releases.stream()
        .map(release ->
            Chart.render(
                release,
                Chart.values("values-1000-users.yaml"),
                "ollama.enabled=false",
                "redis.enabled=false",
                "monitoring.serviceMonitor=false",
                "monitoring.prometheusRule=false",
                "monitoring.dashboards=false",
                "autoscaling.scaleUp.periodSeconds=2",
                "autoscaling.scaleDown.periodSeconds=30",
                "autoscaling.literal=" + release.endsWith("literal")))
        .collect(Collectors.joining("\n---\n"));
  }

  private static void awaitReplicas(Fleet fleet, int replicas) {
    for (String release : BUSY.keySet()) {
      Await.until(release + " has " + replicas, BOUND, () -> fleet.replicas(release) == replicas);
    }
  }

  /** Waits until each autoscaler has a value for each of its rules. */
  private static void awaitMetrics() {
    Await.until(
        "all metrics",
        BOUND,
        () -> {
          JsonNode scalers =
              kubernetes.get("/apis/autoscaling/v2/namespaces/docs/horizontalpodautoscalers");
          for (JsonNode scaler : scalers.path("items")) {
            if (scaler.path("status").path("currentMetrics").size()
                != scaler.path("spec").path("metrics").size()) {
              return false;
            }
          }
          return true;
        });
  }

  /** In each period, it at most doubled, and later lost at most half of its replicas. */
  private static void assertSteps(String release, List<Scale> scales) {
    List<Scale> steps = scales.stream().dropWhile(scale -> scale.replicas() < 5).toList();
    int busiest = steps.stream().map(Scale::replicas).toList().indexOf(20);
    for (int i = 1; i < steps.size(); i++) {
      Scale step = steps.get(i);
      boolean isPossible =
          i <= busiest
              ? step.replicas() <= 2 * replicas(steps, step.since().minus(UP_PERIOD))
              : step.replicas() >= replicas(steps, step.since().minus(DOWN_PERIOD)) / 2;
      assertTrue(isPossible, release + ": " + steps);
    }
  }

  private static int replicas(List<Scale> scales, Instant at) {
    return scales.stream()
        .filter(scale -> !scale.since().isAfter(at))
        .reduce((_, later) -> later)
        .orElseThrow()
        .replicas();
  }
}

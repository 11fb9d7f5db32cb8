package dev.throng.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of all releases. There are no nodes to run them, so it marks each as running and ready,
 * and it knows the load that each would have.
 */
final class Fleet implements AutoCloseable {
  /** A pod, and its release. */
  record Pod(String name, String release) {}

  /** The number of replicas that a Deployment has from a time on. */
  record Scale(Instant since, int replicas) {}

  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
  private static final String INSTANCE = "app.kubernetes.io/instance";
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final ControlPlane kubernetes;
  private final Map<String, Load> loads = new ConcurrentHashMap<>();
  private final Map<String, List<Scale>> scales = new ConcurrentHashMap<>();
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();
  private volatile List<Pod> pods = List.of();

  Fleet(ControlPlane kubernetes) {
    this.kubernetes = kubernetes;
    var _ =
        looks.scheduleWithFixedDelay(this::lookSafely, 0, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Sets the load of each replica of a release. */
  void setLoad(String release, Load load) {
    loads.put(release, load);
  }

  Load load(Pod pod) {
    return loads.getOrDefault(pod.release(), Load.LOW);
  }

  /** Returns the pods that are ready. */
  List<Pod> pods() {
    return pods;
  }

  /** Returns all numbers of replicas that a release has had. */
  List<Scale> scales(String release) {
    return scales.getOrDefault(release, List.of());
  }

  /** Returns the number of replicas that a release has now. */
  int replicas(String release) {
    List<Scale> had = scales(release);
    return had.isEmpty() ? 0 : had.getLast().replicas();
  }

  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.warn("Kubernetes did not answer", e); // the next look repeats it
    }
  }

  private void look() {
    List<Pod> found = new ArrayList<>();
    for (JsonNode pod : kubernetes.pods("")) {
      String name = pod.path("metadata").path("name").asText();
      if (!pod.path("status").path("phase").asText().equals("Running")) {
        kubernetes.markReady(name);
      }
      found.add(new Pod(name, release(pod)));
    }
    pods = List.copyOf(found);
    for (JsonNode deployment :
        kubernetes.get("/apis/apps/v1/namespaces/docs/deployments").path("items")) {
      record(release(deployment), deployment.path("spec").path("replicas").asInt());
    }
  }

  private static String release(JsonNode object) {
    return object.path("metadata").path("labels").path(INSTANCE).asText();
  }

  private void record(String release, int replicas) {
    List<Scale> had =
        Objects.requireNonNull(scales.computeIfAbsent(release, _ -> new CopyOnWriteArrayList<>()));
    if (had.isEmpty() || had.getLast().replicas() != replicas) {
      had.add(new Scale(Instant.now(), replicas));
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}

package dev.throng.bench.drill.cluster;

import dev.throng.bench.rig.BackendProxy;
import dev.throng.bench.rig.Cluster;
import dev.throng.bench.rig.OllamaProcess;
import dev.throng.bench.rig.ProxiedCall;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Three replicas on three real Ollamas, with real components between them, and a counting proxy in
 * front of each Ollama.
 */
final class ClusterSite implements AutoCloseable {
  static final int SLOTS = 4;
  private static final int BACKENDS = 3;
  private static final Duration REDIS_WAIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int INGESTS = 3;
  private static final String TOO_LATE = "parser_unavailable";
  private static final String MODEL = "throng-cluster";

  private final List<OllamaProcess> ollamas = new ArrayList<>();
  private final List<BackendProxy> proxies = new ArrayList<>();
  private final Cluster cluster;

  private ClusterSite(String store) throws IOException, InterruptedException {
    List<URI> backends = new ArrayList<>();
    for (int i = 0; i < BACKENDS; i++) {
      OllamaProcess ollama = OllamaProcess.start(SLOTS);
      ollamas.add(ollama);
      BackendProxy proxy = new BackendProxy(URI.create(ollama.url()));
      proxies.add(proxy);
      backends.add(proxy.url());
    }
    ollamas.getFirst().nameOneThreaded(MODEL);
    this.cluster = Cluster.start(backends, SLOTS, MODEL, settings(store));
  }

  /** Short prompts and answers: three models share the machine's cores with everything else. */
  private static Map<String, String> settings(String store) {
    Map<String, String> settings = new HashMap<>();
    settings.put("CLUSTER_STORE", store);
    settings.put("THRONG_MODEL_CONTEXT_TOKENS", "1536");
    settings.put("THRONG_MODEL_MAX_TOKENS", "96");
    settings.put("THRONG_RETRIEVAL_PASSAGE_TOKENS", "300");
    settings.put("THRONG_MODEL_FIRST_TOKEN_TIMEOUT", "2m");
    settings.put("THRONG_MODEL_BETWEEN_TOKENS_TIMEOUT", "30s");
    settings.put("THRONG_ANSWER_TIMEOUT", "10m");
    settings.put("THRONG_ADMISSION_MAX_WAIT", "10m");
    settings.put("THRONG_POOL_SLOW_FACTOR", "100");
    settings.put("THRONG_POOL_HEDGE_SHARE", "0");
    return settings;
  }

  /**
   * Starts all parts, and ingests the documents.
   *
   * @param store weaviate or chroma
   */
  static ClusterSite start(String store, Path documents) throws IOException, InterruptedException {
    ClusterSite site = new ClusterSite(store);
    try {
      site.ingest(documents);
      return site;
    } catch (IOException | InterruptedException e) {
      site.close();
      throw e;
    }
  }

  /**
   * Repeats documents that could not be read: a parser that starts under this load may be too late.
   */
  private void ingest(Path documents) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        cluster.ingest(1, documents);
        return;
      } catch (IOException e) {
        if (attempt == INGESTS || !String.valueOf(e.getMessage()).contains(TOO_LATE)) {
          throw e;
        }
      }
    }
  }

  Cluster cluster() {
    return cluster;
  }

  /** Generations with this question in their prompt, at all backends since the last reset. */
  List<ProxiedCall> callsFor(String question) {
    return proxies.stream()
        .flatMap(proxy -> proxy.calls().stream())
        .filter(call -> call.prompt().contains(question))
        .toList();
  }

  /**
   * Waits until every replica uses Redis. One that was too slow for it meanwhile works alone, which
   * the parts of the drill would take for a fault.
   *
   * @throws IOException when one still does not after a while: a fault
   */
  void awaitRedisUsed() throws IOException, InterruptedException {
    long start = System.nanoTime();
    for (URI replica : cluster.replicas()) {
      while (!ReplicaStatus.isUsingRedis(replica)) {
        if (System.nanoTime() - start > REDIS_WAIT.toNanos()) {
          throw new IOException(replica + " does not use Redis");
        }
        TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
      }
    }
  }

  void forgetMostInFlight() {
    proxies.forEach(BackendProxy::forgetMostInFlight);
  }

  /** Returns the most simultaneous generations at each backend. */
  List<Integer> mostInFlight() {
    return proxies.stream().map(BackendProxy::mostInFlight).toList();
  }

  @Override
  public void close() throws IOException {
    cluster.close();
    for (BackendProxy proxy : proxies) {
      proxy.close();
    }
    try {
      ollamas.getFirst().forget(MODEL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (OllamaProcess ollama : ollamas) {
      ollama.close();
    }
  }
}

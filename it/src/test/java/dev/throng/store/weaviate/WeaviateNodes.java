package dev.throng.store.weaviate;

import dev.throng.config.ConfigLoader;
import dev.throng.config.WeaviateConfig;
import dev.throng.it.Component;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Real Weaviate nodes that make up one cluster, on loopback. */
final class WeaviateNodes implements AutoCloseable {
  /** A node has seven ports, side by side; the numbers are outside of those that clients get. */
  private static final int FIRST_PORT = 19_100;

  private static final int LAST_PORT = 31_000;
  private static final int PORTS = 10;
  private static final int OK = 200;

  private final Path folder;
  private final int base;
  private final int count;
  private final String program = Component.path("weaviate");
  private final Map<Integer, Process> running = new HashMap<>();

  private WeaviateNodes(Path folder, int base, int count) {
    this.folder = folder;
    this.base = base;
    this.count = count;
  }

  /**
   * Starts all nodes, and waits until they answer.
   *
   * @param folder for their data and logs
   */
  static WeaviateNodes start(Path folder, int count) throws IOException, InterruptedException {
    WeaviateNodes nodes = new WeaviateNodes(folder, freeBlock(count * PORTS), count);
    for (int i = 0; i < count; i++) {
      nodes.launch(i);
      TimeUnit.SECONDS.sleep(1); // the first one's gossip port must be open before others join
    }
    for (int i = 0; i < count; i++) {
      nodes.awaitReady(i);
    }
    return nodes;
  }

  /** How a store uses them. */
  WeaviateConfig config(String... settings) {
    Map<String, String> flags = new HashMap<>();
    flags.put("weaviate.replication_factor", Integer.toString(count));
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    return ConfigLoader.load(null, Map.of("THRONG_WEAVIATE_URLS", urls()), flags).weaviate();
  }

  String urls() {
    return IntStream.range(0, count).mapToObj(this::url).collect(Collectors.joining(","));
  }

  String url(int node) {
    return "http://127.0.0.1:" + port(node);
  }

  /** kill -9. */
  void kill(int node) throws InterruptedException {
    Process process = running.remove(node);
    if (process == null) {
      throw new IllegalStateException("node %d does not run".formatted(node));
    }
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Starts a killed node again, with the data that it had. */
  void restart(int node) throws IOException, InterruptedException {
    launch(node);
    awaitReady(node);
  }

  /** Stops a node where it is; its connections stay open. */
  void freeze(int node) throws IOException, InterruptedException {
    signal(node, "-STOP");
  }

  void thaw(int node) throws IOException, InterruptedException {
    signal(node, "-CONT");
  }

  @Override
  public void close() {
    running.values().forEach(Process::destroyForcibly);
  }

  private void signal(int node, String signal) throws IOException, InterruptedException {
    Process process = running.get(node);
    if (process != null) {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }
  }

  private int port(int node) {
    return base + node * PORTS;
  }

  private void launch(int node) throws IOException {
    int port = port(node);
    ProcessBuilder builder =
        new ProcessBuilder(
            program, "--host", "127.0.0.1", "--port", Integer.toString(port), "--scheme", "http");
    Map<String, String> environment = builder.environment();
    environment.put("PERSISTENCE_DATA_PATH", folder.resolve("node" + node).toString());
    environment.put("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "true");
    environment.put("DEFAULT_VECTORIZER_MODULE", "none");
    environment.put("DISABLE_TELEMETRY", "true");
    environment.put("CLUSTER_HOSTNAME", "node" + node);
    environment.put("CLUSTER_ADVERTISE_ADDR", "127.0.0.1");
    environment.put("CLUSTER_IN_LOCALHOST", "true");
    environment.put("CLUSTER_GOSSIP_BIND_PORT", Integer.toString(port + 1));
    environment.put("CLUSTER_DATA_BIND_PORT", Integer.toString(port + 2));
    if (node > 0) {
      environment.put("CLUSTER_JOIN", "127.0.0.1:" + (port(0) + 1));
    } else if (count > 1 && Files.exists(folder.resolve("node0"))) {
      environment.put("CLUSTER_JOIN", "127.0.0.1:" + (port(1) + 1)); // comes back to the others
    }
    environment.put("RAFT_PORT", Integer.toString(port + 3));
    environment.put("RAFT_INTERNAL_RPC_PORT", Integer.toString(port + 4));
    environment.put(
        "RAFT_JOIN",
        IntStream.range(0, count)
            .mapToObj(other -> "node%d:%d".formatted(other, port(other) + 3))
            .collect(Collectors.joining(",")));
    environment.put("RAFT_BOOTSTRAP_EXPECT", Integer.toString(count));
    environment.put("RAFT_TIMEOUTS_MULTIPLIER", "1"); // elections within a second, not six
    environment.put("GRPC_PORT", Integer.toString(port + 5));
    environment.put("PROFILING_PORT", Integer.toString(port + 6));
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("node" + node + ".log").toFile()))
            .start();
    running.put(node, process);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop-weaviate"));
  }

  private void awaitReady(int node) throws IOException, InterruptedException {
    while (!isReady(node)) {
      Process process = running.get(node);
      if (process == null || !process.isAlive()) {
        throw new IOException(Files.readString(folder.resolve("node" + node + ".log")));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean isReady(int node) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI ready = URI.create(url(node) + "/v1/.well-known/ready");
      return client
              .send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
              .statusCode()
          == OK;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freeBlock(int size) throws IOException {
    List<Integer> tried = new ArrayList<>();
    for (int first = FIRST_PORT; first + size < LAST_PORT; first += size) {
      if (IntStream.range(first, first + size).allMatch(WeaviateNodes::isFree)) {
        return first;
      }
      tried.add(first);
    }
    throw new IOException("no free ports from any of " + tried);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}

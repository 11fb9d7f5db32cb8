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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Real Weaviate nodes that form one cluster, on loopback. */
final class WeaviateNodes implements AutoCloseable {
  /** A node has seven consecutive ports; the numbers are outside the range for client sockets. */
  private static final int FIRST_PORT = 19_100;

  private static final int LAST_PORT = 31_000;
  private static final int PORTS = 10;
  private static final int OK = 200;
  private static final String API_KEY = "key of the tests";
  private static final Pattern LEADER = Pattern.compile("\"leaderId\":\"node(\\d+)\"");

  private final Path folder;
  private final int base;
  private final int count;
  private final String program = Component.path("weaviate");
  private final Map<Integer, Process> running = new HashMap<>();
  private final Map<String, String> settings;

  private WeaviateNodes(Path folder, int base, int count, Map<String, String> settings) {
    this.folder = folder;
    this.settings = settings;
    this.base = base;
    this.count = count;
  }

  /**
   * Starts all nodes, and waits until they respond.
   *
   * @param folder for their data and logs
   */
  static WeaviateNodes start(Path folder, int count) throws IOException, InterruptedException {
    return start(folder, count, Map.of());
  }

  /** As {@link #start(Path, int)}, with additional environment variables for Weaviate. */
  static WeaviateNodes start(Path folder, int count, Map<String, String> settings)
      throws IOException, InterruptedException {
    WeaviateNodes nodes = new WeaviateNodes(folder, freeBlock(count * PORTS), count, settings);
    nodes.startAll();
    return nodes;
  }

  /** Returns the prefix of class names that represents a folder of the contract. */
  static String prefix(Path folder) {
    return "T" + folder.toString().replaceAll("\\D", "");
  }

  /** Returns the configuration of a store that uses all nodes. */
  WeaviateConfig config(String... settings) {
    return configOf(
        IntStream.range(0, count).mapToObj(this::url).collect(Collectors.joining(",")), settings);
  }

  /** Returns the configuration of a store that uses one node. */
  WeaviateConfig configOf(int node) {
    return configOf(url(node));
  }

  private WeaviateConfig configOf(String urls, String... settings) {
    Map<String, String> flags = new HashMap<>();
    flags.put("weaviate.replication_factor", Integer.toString(count));
    flags.put("weaviate.api_key", API_KEY);
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    return ConfigLoader.load(null, Map.of("THRONG_WEAVIATE_URLS", urls), flags).weaviate();
  }

  /** Returns the node without which the schema cannot change until a new leader is elected. */
  int leader() throws IOException, InterruptedException {
    Matcher leader = LEADER.matcher(get(0, "/v1/cluster/statistics").body());
    if (!leader.find()) {
      throw new IOException("the nodes have no leader");
    }
    return Integer.parseInt(leader.group(1));
  }

  String url(int node) {
    return "http://127.0.0.1:" + port(node);
  }

  /** kill -9. */
  void kill(int node) throws InterruptedException {
    Process process = remove(node);
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Stops a node gracefully. */
  void stop(int node) throws InterruptedException {
    Process process = remove(node);
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("node %d does not stop".formatted(node));
    }
  }

  /** Starts a killed or stopped node again, with its previous data. */
  void restart(int node) throws IOException, InterruptedException {
    launch(node);
    awaitReady(node);
  }

  /** Starts all nodes, none of which is running. */
  void startAll() throws IOException, InterruptedException {
    for (int node = 0; node < count; node++) {
      launch(node);
      TimeUnit.SECONDS.sleep(1); // the gossip port of one must be open before others join
    }
    for (int node = 0; node < count; node++) {
      awaitReady(node);
    }
  }

  /** Freezes a node; its connections stay open. */
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

  private Process remove(int node) {
    Process process = running.remove(node);
    if (process == null) {
      throw new IllegalStateException("node %d does not run".formatted(node));
    }
    return process;
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
    environment.put("AUTHENTICATION_APIKEY_ENABLED", "true");
    environment.put("AUTHENTICATION_APIKEY_ALLOWED_KEYS", API_KEY);
    environment.put("AUTHENTICATION_APIKEY_USERS", "throng");
    environment.put("DEFAULT_VECTORIZER_MODULE", "none");
    environment.put("DISABLE_TELEMETRY", "true");
    environment.put("CLUSTER_HOSTNAME", "node" + node);
    environment.put("CLUSTER_ADVERTISE_ADDR", "127.0.0.1");
    environment.put("CLUSTER_IN_LOCALHOST", "true");
    environment.put("CLUSTER_GOSSIP_BIND_PORT", Integer.toString(port + 1));
    environment.put("CLUSTER_DATA_BIND_PORT", Integer.toString(port + 2));
    running.keySet().stream()
        .findFirst()
        .ifPresent(other -> environment.put("CLUSTER_JOIN", "127.0.0.1:" + (port(other) + 1)));
    environment.put("RAFT_PORT", Integer.toString(port + 3));
    environment.put("RAFT_INTERNAL_RPC_PORT", Integer.toString(port + 4));
    environment.put(
        "RAFT_JOIN",
        IntStream.range(0, count)
            .mapToObj(other -> "node%d:%d".formatted(other, port(other) + 3))
            .collect(Collectors.joining(",")));
    environment.put("RAFT_BOOTSTRAP_EXPECT", Integer.toString(count));
    environment.put("RAFT_TIMEOUTS_MULTIPLIER", "1"); // elections within a second, not six
    // A node that was away is brought up to date within seconds, not within a minute.
    environment.put("ASYNC_REPLICATION_FREQUENCY", "2s");
    environment.put("ASYNC_REPLICATION_FREQUENCY_WHILE_PROPAGATING", "500ms");
    environment.put("ASYNC_REPLICATION_PROPAGATION_DELAY", "1s");
    environment.put("USE_BLOCKMAX_WAND", "false"); // as operate.md requires
    environment.put("GRPC_PORT", Integer.toString(port + 5));
    environment.put("PROFILING_PORT", Integer.toString(port + 6));
    environment.putAll(settings);
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
    try {
      return get(node, "/v1/.well-known/ready").statusCode() == OK;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(int node, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url(node) + path))
              .header("Authorization", "Bearer " + API_KEY)
              .build();
      return client.send(request, BodyHandlers.ofString());
    }
  }

  /** Tries blocks in random order, because another process of the tests may be choosing too. */
  private static int freeBlock(int size) throws IOException {
    List<Integer> firsts = new ArrayList<>();
    for (int first = FIRST_PORT; first + size < LAST_PORT; first += size) {
      firsts.add(first);
    }
    Collections.shuffle(firsts);
    return firsts.stream()
        .filter(first -> IntStream.range(first, first + size).allMatch(WeaviateNodes::isFree))
        .findFirst()
        .orElseThrow(() -> new IOException("no free ports from any of " + firsts));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}

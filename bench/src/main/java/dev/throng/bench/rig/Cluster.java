package dev.throng.bench.rig;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster of the real programs, as {@code dev/cluster} starts it, on separate ports. */
public final class Cluster implements AutoCloseable {
  public static final int REPLICAS = 3;
  public static final String OPERATOR_TOKEN = "cluster";
  private static final int PORT = 18_500;

  /** The port numbers of dev/cluster. */
  private static final int POSTGRES = 30;

  private static final int REDIS = 11;

  private static final int FIRST_SENTINEL = 21;
  private static final int SENTINELS = 3;

  private final Map<String, String> environment;

  private Cluster(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Starts the cluster, and waits until all parts respond.
   *
   * @param backends the backends of its replicas
   * @param slots of each backend
   * @param settings THRONG_* and CLUSTER_* variables
   */
  public static Cluster start(
      List<URI> backends, int slots, String model, Map<String, String> settings)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(settings);
    // Deleted with the cluster: it records how to stop the processes.
    Path folder = Files.createTempDirectory("throng-cluster");
    environment.put("CLUSTER_DIR", folder.toString());
    environment.put("CLUSTER_PORT", Integer.toString(PORT));
    environment.put(
        "CLUSTER_OLLAMA_URLS",
        backends.stream().map(URI::toString).collect(Collectors.joining(",")));
    environment.put("CLUSTER_SLOTS", Integer.toString(slots));
    environment.put("CLUSTER_MODEL", model);
    Cluster cluster = new Cluster(environment);
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "stop-cluster"));
    cluster.run("up");
    return cluster;
  }

  /** The load balancer in front of all replicas. */
  public URI url() {
    return at(0);
  }

  /**
   * Returns one replica.
   *
   * @param number from 1
   */
  public URI replica(int number) {
    return at(number);
  }

  /** The address of Redis's first master. */
  public int redisPort() {
    return PORT + REDIS;
  }

  public List<URI> replicas() {
    return IntStream.rangeClosed(1, REPLICAS).mapToObj(this::replica).toList();
  }

  /** THRONG_* variables for what all replicas share: catalogue and Redis. */
  public Map<String, String> settings() {
    String sentinels =
        IntStream.range(0, SENTINELS)
            .mapToObj(i -> "redis://127.0.0.1:" + (PORT + FIRST_SENTINEL + i))
            .collect(Collectors.joining(","));
    return Map.of(
        "THRONG_CATALOG_URL",
        "jdbc:postgresql://127.0.0.1:%d/throng".formatted(PORT + POSTGRES),
        "THRONG_CATALOG_USER",
        "throng",
        "THRONG_REDIS_URLS",
        sentinels,
        "THRONG_REDIS_SENTINEL_MASTER",
        "main");
  }

  /** kill -9. */
  public void kill(String part) throws IOException, InterruptedException {
    run("kill", part);
  }

  /** SIGTERM; returns when the part has ended. */
  public void stop(String part) throws IOException, InterruptedException {
    run("stop", part);
  }

  public void freeze(String part) throws IOException, InterruptedException {
    run("freeze", part);
  }

  public void thaw(String part) throws IOException, InterruptedException {
    run("thaw", part);
  }

  /** Starts a part again, and waits until it responds. */
  public void up(String part) throws IOException, InterruptedException {
    run("up", part);
  }

  /**
   * Starts a replica with another build, and waits until it responds.
   *
   * @param launcher the program `throng` of that build
   */
  public void up(String replica, Path launcher) throws IOException, InterruptedException {
    Map<String, String> with = new HashMap<>(environment);
    with.put("CLUSTER_THRONG", launcher.toString());
    run(script(), List.of("up", replica), with);
  }

  /** Ingests a folder through one replica. */
  public void ingest(int replica, Path folder) throws IOException, InterruptedException {
    run(
        Home.folder().resolve("throng").toString(),
        List.of("ingest", "--url", replica(replica).toString(), folder.toString()),
        Map.of("THRONG_ADMIN_TOKEN", OPERATOR_TOKEN));
  }

  @Override
  public void close() {
    try {
      run("down");
    } catch (IOException e) {
      System.err.println("the cluster did not stop: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static URI at(int offset) {
    return URI.create("http://127.0.0.1:" + (PORT + offset));
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    run(script(), List.of(arguments), environment);
  }

  private static String script() {
    return Home.folder().resolve("dev/cluster").toString();
  }

  private static void run(String program, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(THRONG|CLUSTER)_.*") && !isKept(name));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
  }

  /** Variables that locate components, which the cluster must not inherit. */
  private static boolean isKept(String name) {
    return name.equals("THRONG_COMPONENTS") || name.equals("THRONG_PREBUILT");
  }
}

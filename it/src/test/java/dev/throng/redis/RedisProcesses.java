package dev.throng.redis;

import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Several related Redis servers: with sentinels, or as a cluster. */
final class RedisProcesses implements AutoCloseable {
  private final Path folder;
  private final Map<Integer, Process> byPort = Collections.synchronizedMap(new LinkedHashMap<>());

  RedisProcesses(Path folder) {
    this.folder = folder;
  }

  /**
   * A master, its replica, and three sentinels that monitor them.
   *
   * @return the ports of the sentinels
   */
  List<Integer> sentinels(int masterPort) throws IOException, InterruptedException {
    server(masterPort);
    server(ServerProcess.freePort(), "--replicaof", "127.0.0.1", Integer.toString(masterPort));
    awaitReplica(masterPort);
    List<Integer> sentinels = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int port = ServerProcess.freePort();
      Path config =
          Files.writeString(
              folder.resolve("sentinel" + port + ".conf"),
              """
              port %d
              bind 127.0.0.1
              dir %s
              sentinel monitor main 127.0.0.1 %d 2
              sentinel down-after-milliseconds main 1000
              sentinel failover-timeout main 3000
              """
                  .formatted(port, folder, masterPort));
      start(port, "redis-sentinel", config.toString());
      sentinels.add(port);
    }
    return sentinels;
  }

  /**
   * Starts a master that is not monitored.
   *
   * @return its port
   */
  int master() throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    server(port);
    return port;
  }

  /**
   * Starts three masters, each with a replica.
   *
   * @return all ports
   */
  List<Integer> cluster() throws IOException, InterruptedException {
    List<Integer> ports = new ArrayList<>();
    List<String> command = new ArrayList<>(List.of("redis-cli", "--cluster", "create"));
    for (int i = 0; i < 6; i++) {
      int port = ServerProcess.freePort();
      server(
          port,
          "--cluster-enabled",
          "yes",
          "--cluster-node-timeout",
          "1000",
          "--cluster-port",
          Integer.toString(ServerProcess.freePort()),
          "--cluster-config-file",
          "nodes" + port + ".conf");
      ports.add(port);
      command.add("127.0.0.1:" + port);
    }
    command.addAll(List.of("--cluster-replicas", "1", "--cluster-yes"));
    run(command);
    for (int port : ports) {
      if (ask(port, "role").startsWith("master")) {
        awaitReplica(port);
      }
    }
    return ports;
  }

  /** A replica that was never in sync with its master may not take its place. */
  private void awaitReplica(int masterPort) throws IOException, InterruptedException {
    while (!ask(masterPort, "info", "replication").contains("state=online")) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  void kill(int port) throws InterruptedException {
    Process process = byPort.remove(port);
    if (process == null) {
      throw new IllegalArgumentException("port: %d (expected: a server's)".formatted(port));
    }
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Sends a command to one server, with redis-cli. */
  String ask(int port, String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("redis-cli", "-h", "127.0.0.1", "-p", Integer.toString(port)));
    command.addAll(List.of(words));
    return run(command);
  }

  @Override
  public void close() {
    byPort.values().forEach(Process::destroyForcibly);
  }

  private void server(int port, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("redis-server"));
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", folder.toString()));
    command.addAll(List.of("--repl-diskless-sync-delay", "0"));
    command.addAll(List.of(options));
    start(port, command.toArray(String[]::new));
  }

  private void start(int port, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(port + ".log").toFile())
            .start();
    byPort.put(port, process);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop-redis"));
    while (!ask(port, "ping").strip().equals("PONG")) {
      if (!process.isAlive()) {
        throw new IOException(Files.readString(folder.resolve(port + ".log")));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}

package dev.throng.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a separate process. */
public final class ServerProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where a server finds the parsers, which are not on its own class path. */
  private static final String PARSER_LIB = "throng.parser.lib";

  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Process process;
  private final int port;
  private final int memoryPort;

  private ServerProcess(Process process, int port, int memoryPort) {
    this.process = process;
    this.port = port;
    this.memoryPort = memoryPort;
  }

  /**
   * Throng with the handbook, quoting, so that the server is measured and not a model.
   *
   * @param settings THRONG_* variables
   */
  public static ServerProcess throng(Path folder, Map<String, String> settings)
      throws IOException, InterruptedException {
    return throng(folder, settings, List.of(), Home.examples().resolve("handbook"));
  }

  /**
   * Throng with these documents; it quotes unless the settings specify otherwise.
   *
   * @param options for its JVM
   */
  public static ServerProcess throng(
      Path folder, Map<String, String> settings, List<String> options, Path documents)
      throws IOException, InterruptedException {
    ServerProcess server =
        serve(folder, freePort(), settings, options, "--docs", documents.toString());
    server.awaitOk("/health/ready");
    return server;
  }

  /**
   * Throng with the contents of its data folder, quoting. The start is not awaited.
   *
   * @param folder holds {@code data}, which is kept, and the log
   */
  public static ServerProcess restarted(Path folder, int port, Map<String, String> settings)
      throws IOException {
    return serve(folder, port, settings, List.of());
  }

  private static ServerProcess serve(
      Path folder, int port, Map<String, String> settings, List<String> options, String... more)
      throws IOException {
    int memoryPort = freePort();
    List<String> command = new ArrayList<>(java(memoryPort, options, CountedThrong.class));
    command.addAll(
        List.of(
            "serve",
            "--port",
            Integer.toString(port),
            "--data",
            folder.resolve("data").toString()));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("THRONG_"));
    builder.environment().put("THRONG_GENERATOR", "extractive");
    builder.environment().putAll(settings);
    return new ServerProcess(start(builder, folder.resolve("throng.log")), port, memoryPort);
  }

  /**
   * Requests an ingest of a file or a folder, like the command.
   *
   * @param folder the folder that the server was started with
   */
  public HttpRequest ingestRequest(Path folder, Path documents) throws IOException {
    JsonNode local = JSON.readTree(folder.resolve("data/server.json").toFile());
    return IngestRequest.of(URI.create(url()), local.path("token").asText(), documents);
  }

  /** Waits until it answers questions. */
  public void awaitReady() throws IOException, InterruptedException {
    awaitOk("/health/ready");
  }

  /** A bare Helidon server that sends the file's content. */
  public static ServerProcess bare(Path folder, Path body)
      throws IOException, InterruptedException {
    int port = freePort();
    int memoryPort = freePort();
    List<String> command = new ArrayList<>(java(memoryPort, List.of(), BareServer.class));
    command.addAll(List.of(Integer.toString(port), body.toString()));
    ServerProcess server =
        new ServerProcess(
            start(new ProcessBuilder(command), folder.resolve("bare.log")), port, memoryPort);
    server.awaitPost();
    return server;
  }

  /**
   * A bare Helidon server that refuses every question immediately: status 429 and the file's
   * content.
   */
  public static ServerProcess refusing(Path folder, Path body)
      throws IOException, InterruptedException {
    int port = freePort();
    int memoryPort = freePort();
    List<String> command = new ArrayList<>(java(memoryPort, List.of(), BareServer.class));
    command.addAll(List.of(Integer.toString(port), body.toString(), "429"));
    ServerProcess server =
        new ServerProcess(
            start(new ProcessBuilder(command), folder.resolve("refusing.log")), port, memoryPort);
    server.await(() -> server.memory("/allocated") >= 0);
    return server;
  }

  /** nginx with one worker per core, sending a static file for every method. */
  public static ServerProcess nginx(Path folder, Path body)
      throws IOException, InterruptedException {
    int port = freePort();
    Path root = Files.createDirectories(folder.resolve("www"));
    Files.copy(body, root.resolve("query"));
    Path config = folder.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off;
        user %3$s;
        worker_processes auto;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx-error.log;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          keepalive_requests 100000000;
          sendfile on;
          tcp_nopush on;
          open_file_cache max=16;
          default_type application/json;
          server {
            listen 127.0.0.1:%2$d;
            root %1$s/www;
            error_page 405 =200 $uri;
          }
        }
        """
            .formatted(folder, port, System.getProperty("user.name")));
    ProcessBuilder builder =
        new ProcessBuilder(
            Home.component("nginx"), "-p", folder.toString(), "-c", config.toString());
    ServerProcess server = new ServerProcess(start(builder, folder.resolve("nginx.log")), port, 0);
    server.awaitPost();
    return server;
  }

  /** An empty Chroma. */
  public static ServerProcess chroma(Path folder) throws IOException, InterruptedException {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Home.component("chroma"),
            "run",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--path",
            folder.resolve("chroma").toString());
    builder.environment().put("ANONYMIZED_TELEMETRY", "False");
    ServerProcess server = new ServerProcess(start(builder, folder.resolve("chroma.log")), port, 0);
    server.awaitOk("/api/v2/heartbeat");
    return server;
  }

  /** A Redis without persistence. */
  public static ServerProcess redis(Path folder) throws IOException, InterruptedException {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Home.component("redis"),
            "--bind",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--save",
            "",
            "--appendonly",
            "no");
    ServerProcess server = new ServerProcess(start(builder, folder.resolve("redis.log")), port, 0);
    server.await(() -> {
      new Socket(InetAddress.getLoopbackAddress(), port).close(); // fails until the server listens
      return true;
    });
    return server;
  }

  public int port() {
    return port;
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public byte[] post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(url() + path + ": status " + response.statusCode());
    }
    return response.body();
  }

  /** Returns the bytes allocated so far, as of the last collection. */
  public long allocatedBytes() throws IOException, InterruptedException {
    return memory("/allocated");
  }

  /** Returns the peak size of its heap in bytes. */
  public long peakHeapBytes() throws IOException, InterruptedException {
    return memory("/peak");
  }

  /** Runs a collection and returns the bytes that its heap holds afterwards. */
  public long liveHeapBytes() throws IOException, InterruptedException {
    return memory("/live");
  }

  /** Returns the process itself. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Returns its resident memory, in bytes, from /proc (Linux). */
  public long residentBytes() throws IOException {
    return status("VmRSS:");
  }

  /** Returns its peak resident memory. */
  public long peakResidentBytes() throws IOException {
    return status("VmHWM:");
  }

  /** kill -9, and waits for the end. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private long memory(String path) throws IOException, InterruptedException {
    URI url = URI.create("http://127.0.0.1:" + memoryPort + path);
    HttpRequest request = HttpRequest.newBuilder(url).build();
    return Long.parseLong(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private long status(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** The launcher's flags, and this process's class path. */
  private static List<String> java(int memoryPort, List<String> options, Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseCompactObjectHeaders",
            "-D" + MemoryReport.PORT_PROPERTY + "=" + memoryPort));
    String parsers = System.getProperty(PARSER_LIB);
    if (parsers != null) {
      command.add("-D" + PARSER_LIB + "=" + parsers);
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  private static Process start(ProcessBuilder builder, Path log) throws IOException {
    ProcessBuilder.Redirect output = ProcessBuilder.Redirect.appendTo(log.toFile());
    Process process = builder.redirectErrorStream(true).redirectOutput(output).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-server"));
    return process;
  }

  private void awaitOk(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path)).build();
    await(() -> HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
  }

  private void awaitPost() throws IOException, InterruptedException {
    await(() -> post("/query", "{}").length > 0);
  }

  @FunctionalInterface
  private interface Check {
    boolean isUp() throws IOException, InterruptedException;
  }

  private void await(Check check) throws IOException, InterruptedException {
    long until = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      try {
        if (check.isUp()) {
          return;
        }
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() - until > 0) {
          throw e;
        }
      }
      Thread.sleep(Duration.ofMillis(20));
    }
  }
}

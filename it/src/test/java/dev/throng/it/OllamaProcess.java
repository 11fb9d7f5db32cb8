package dev.throng.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Ollama server with a small real model, as `dev/components install` left it. */
final class OllamaProcess implements AutoCloseable {
  static final String MODEL = "smollm2:135m";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final String GENERATE = "\"/api/generate\"";

  private final Process process;
  private final int port;
  private final Path log;

  private OllamaProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  static OllamaProcess start() throws IOException, InterruptedException {
    Path components = components();
    Path program = components.resolve("bin/ollama");
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(
          program + " is missing (run: dev/components install ollama smollm2)");
    }
    int port = freePort();
    Path log = Files.createTempFile("ollama", ".log");
    ProcessBuilder builder = new ProcessBuilder(program.toString(), "serve");
    builder
        .environment()
        .putAll(
            Map.of(
                "OLLAMA_HOST",
                "127.0.0.1:" + port,
                "OLLAMA_MODELS",
                components.resolve("models").toString(),
                "OLLAMA_NUM_PARALLEL",
                "2",
                "HOME",
                System.getProperty("user.home")));
    OllamaProcess ollama =
        new OllamaProcess(
            builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), port, log);
    // A test whose setting up fails closes nothing.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(ollama.process::destroyForcibly, "stop-ollama"));
    ollama.awaitAnswer();
    return ollama;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Calls to /api/generate that have ended, as Ollama itself has logged them. */
  long generateCalls() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(GENERATE)).count();
    }
  }

  /** kill -9, of the process that holds the model, too. */
  void kill() throws InterruptedException {
    List<ProcessHandle> runners = process.descendants().toList();
    process.destroyForcibly();
    runners.forEach(ProcessHandle::destroyForcibly);
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Stops it from doing anything, while its connections stay open. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  @Override
  public void close() throws IOException {
    try {
      thaw(); // a frozen process would hold its port and memory a little longer
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(log);
  }

  private void signal(String name) throws IOException, InterruptedException {
    Stream<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants());
    for (ProcessHandle handle : all.filter(ProcessHandle::isAlive).toList()) {
      new ProcessBuilder("kill", "-" + name, Long.toString(handle.pid())).start().waitFor();
    }
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long until = System.nanoTime() + START_TIMEOUT.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/api/version")).build();
      while (true) {
        try {
          http.send(request, HttpResponse.BodyHandlers.discarding());
          return;
        } catch (IOException e) {
          if (System.nanoTime() - until > 0 || !process.isAlive()) {
            throw new IOException("Ollama did not start: " + Files.readString(log), e);
          }
          process.waitFor(50, TimeUnit.MILLISECONDS);
        }
      }
    }
  }

  private static Path components() {
    String configured = System.getenv("THRONG_COMPONENTS");
    if (configured != null) {
      return Path.of(configured);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base = cache != null ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("throng/components");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

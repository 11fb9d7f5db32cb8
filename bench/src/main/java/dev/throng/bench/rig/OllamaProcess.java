package dev.throng.bench.rig;

import java.io.IOException;
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

/** A real Ollama server with a small real model, installed by {@code dev/components install}. */
public final class OllamaProcess implements AutoCloseable {
  public static final String MODEL = "smollm2:135m";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final String GENERATE = "\"/api/generate\"";

  private final int port;
  private final int slots;
  private final Path log;
  private volatile Process process;

  private OllamaProcess(int port, int slots, Path log) throws IOException {
    this.port = port;
    this.slots = slots;
    this.log = log;
    this.process = launch();
    // A caller that fails during set-up closes nothing.
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "stop-ollama"));
  }

  /** Starts a server with two slots. */
  public static OllamaProcess start() throws IOException, InterruptedException {
    return start(2);
  }

  /**
   * Starts a server on a free port; returns when it responds.
   *
   * @param slots simultaneous generations
   */
  public static OllamaProcess start(int slots) throws IOException, InterruptedException {
    OllamaProcess ollama =
        new OllamaProcess(ServerProcess.freePort(), slots, Files.createTempFile("ollama", ".log"));
    ollama.awaitAnswer();
    return ollama;
  }

  /** Starts it on the same port again, after {@link #kill}. */
  public void restart() throws IOException, InterruptedException {
    process = launch();
    awaitAnswer();
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /**
   * Gives {@link #MODEL} a second name under which it computes in one thread. Several servers share
   * their model folder. On a machine with fewer cores than they have threads, the threads wait for
   * one another in busy loops and generate hardly any tokens.
   */
  public void nameOneThreaded(String name) throws IOException, InterruptedException {
    send(
        "POST",
        "/api/create",
        "{\"model\":\"%s\",\"from\":\"%s\",\"parameters\":{\"num_thread\":1},\"stream\":false}"
            .formatted(name, MODEL));
  }

  /** Removes the name again. */
  public void forget(String name) throws IOException, InterruptedException {
    send("DELETE", "/api/delete", "{\"model\":\"%s\"}".formatted(name));
  }

  /** Returns the completed calls to /api/generate, as logged by Ollama itself. */
  public long generateCalls() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(GENERATE)).count();
    }
  }

  /** kill -9, also of the process that holds the model. */
  public void kill() throws InterruptedException {
    end();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Freezes it, while its connections stay open. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  @Override
  public void close() throws IOException {
    try {
      thaw(); // a frozen process would keep its port and memory a little longer
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(log);
  }

  private Process launch() throws IOException {
    Path components = components();
    Path program = components.resolve("bin/ollama");
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(
          program + " is missing (run: dev/components install ollama smollm2)");
    }
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
                Integer.toString(slots),
                "HOME",
                System.getProperty("user.home")));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private void end() {
    List<ProcessHandle> runners = process.descendants().toList();
    process.destroyForcibly();
    runners.forEach(ProcessHandle::destroyForcibly);
  }

  private void signal(String name) throws IOException, InterruptedException {
    Stream<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants());
    for (ProcessHandle handle : all.filter(ProcessHandle::isAlive).toList()) {
      new ProcessBuilder("kill", "-" + name, Long.toString(handle.pid())).start().waitFor();
    }
  }

  private void send(String method, String path, String body)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url() + path))
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("%s: %s".formatted(path, response.body()));
      }
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
}

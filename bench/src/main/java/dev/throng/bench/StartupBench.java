package dev.throng.bench;

import ai.onnxruntime.OrtException;
import dev.throng.app.Corpus;
import dev.throng.bench.rig.BareServer;
import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.config.ConfigLoader;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import java.io.IOException;
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
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** From the start of the process to the first answer, compared with a bare Helidon server. */
@Command(
    name = "startup",
    description =
        "Start to first answer, both with a start-up cache, compared with a bare Helidon server.")
final class StartupBench implements Callable<Integer> {
  private static final String QUESTION = "{\"query\":\"How long is the parental leave?\"}";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Option(names = "--rounds", description = "Starts of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Home.temporary("startup");
    String launcher = Home.folder().resolve("throng").toString();
    run(new ProcessBuilder(launcher, "aot"));
    String data = folder.resolve("data").toString();
    run(
        new ProcessBuilder(
            launcher, "ingest", "--data", data, Home.examples().resolve("handbook").toString()));
    Path body = Files.writeString(folder.resolve("body"), "{}");
    Path cache = trainBare(folder, body);
    List<Double> ours = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    List<Double> model = new ArrayList<>();
    List<Double> ourModel = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      int port = ServerProcess.freePort();
      ProcessBuilder throng =
          new ProcessBuilder(launcher, "serve", "--data", data, "--port", Integer.toString(port));
      throng.environment().put("THRONG_GENERATOR", "extractive");
      ours.add(timeToAnswer(throng, port));
      int barePort = ServerProcess.freePort();
      bare.add(timeToAnswer(bare(barePort, body, "-XX:AOTCache=" + cache), barePort));
      model.add(millisOf(BareModelLoad.class, folder));
      ourModel.add(millisOf(ModelLoad.class, folder, data));
      System.out.printf(
          "  Throng %5.0f ms   bare Helidon %5.0f ms   model %5.0f ms (loaded by Throng %.0f ms)%n",
          ours.getLast(), bare.getLast(), model.getLast(), ourModel.getLast());
    }
    double allowed = 1.5 * Medians.of(bare) + Medians.of(model);
    System.out.printf(
        "start to first answer %s ms; allowed: 1.5 x %.0f + %.0f = %.0f ms; ratio %.2f  bar <= 1.00%n",
        Medians.spread(ours),
        Medians.of(bare),
        Medians.of(model),
        allowed,
        Medians.of(ours) / allowed);
    return 0;
  }

  private static Path trainBare(Path folder, Path body) throws IOException, InterruptedException {
    Path cache = folder.resolve("bare.aot");
    int port = ServerProcess.freePort();
    Process process = bare(port, body, "-XX:AOTCacheOutput=" + cache).start();
    for (int i = 0; i < 300; i++) {
      awaitAnswer(port);
    }
    process.destroy();
    process.waitFor();
    return cache;
  }

  private static ProcessBuilder bare(int port, Path body, String cacheOption) {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseCompactObjectHeaders",
            cacheOption,
            "-cp",
            System.getProperty("java.class.path"),
            BareServer.class.getName(),
            Integer.toString(port),
            body.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }

  private static double timeToAnswer(ProcessBuilder builder, int port)
      throws IOException, InterruptedException {
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      awaitAnswer(port);
      return (System.nanoTime() - start) / 1e6;
    } finally {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private static void awaitAnswer(int port) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/query"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(QUESTION))
            .build();
    while (true) {
      try {
        if (HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      Thread.sleep(Duration.ofMillis(5));
    }
  }

  /** Runs a program in a separate process; its first argument is a file for the time it took. */
  private static double millisOf(Class<?> program, Path folder, String... arguments)
      throws IOException, InterruptedException {
    Path result = folder.resolve("millis");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                result.toString()));
    command.addAll(List.of(arguments));
    run(new ProcessBuilder(command));
    return Double.parseDouble(Files.readString(result));
  }

  private static void run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process =
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (process.waitFor() != 0) {
      throw new IOException(builder.command() + " failed");
    }
  }

  /** Measures how long Throng takes to load the embedding model and embed once, in milliseconds. */
  static final class ModelLoad {
    private ModelLoad() {}

    /**
     * Loads the model.
     *
     * @param args the file for the result, and a data folder that has been used before
     */
    public static void main(String[] args) throws IOException {
      long start = System.nanoTime();
      try (dev.throng.backend.Embedder embedder =
          Corpus.embedder(ConfigLoader.load(null, Map.of(), Map.of("data.dir", args[1])))) {
        Deadline deadline = Deadline.after(Ticker.system(), Duration.ofSeconds(60));
        embedder.embedQuery("How long is the parental leave?", deadline).join();
        Files.writeString(Path.of(args[0]), Double.toString((System.nanoTime() - start) / 1e6));
      }
      System.exit(0);
    }
  }

  /** Like {@link ModelLoad}, with the libraries' plain calls: the reference. */
  static final class BareModelLoad {
    private BareModelLoad() {}

    /**
     * Loads the model.
     *
     * @param args the file for the result
     */
    public static void main(String[] args) throws IOException, OrtException {
      long start = System.nanoTime();
      try (BareModel model = new BareModel()) {
        model.embed("How long is the parental leave?");
        Files.writeString(Path.of(args[0]), Double.toString((System.nanoTime() - start) / 1e6));
      }
      System.exit(0);
    }
  }
}

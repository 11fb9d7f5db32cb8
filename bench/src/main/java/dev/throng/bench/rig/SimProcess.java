package dev.throng.bench.rig;

import dev.throng.ollamasim.SimSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Simulated backends in a separate process, which shares nothing with its clients. */
public final class SimProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern URL = Pattern.compile("(?m)^(http://\\S+) +control: http://\\S+$");

  private final Process process;
  private final List<URI> urls;

  private SimProcess(Process process, List<URI> urls) {
    this.process = process;
    this.urls = urls;
  }

  /** Starts this many instances, on free ports. */
  public static SimProcess start(Path folder, SimSettings settings, int instances)
      throws IOException, InterruptedException {
    return start(folder, settings, instances, 0);
  }

  /**
   * Starts this many instances.
   *
   * @param port of the first one; 0 for any free ports
   */
  public static SimProcess start(Path folder, SimSettings settings, int instances, int port)
      throws IOException, InterruptedException {
    Path file = folder.resolve("simulator.json");
    settings.write(file);
    Path log = folder.resolve("simulator.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                dev.throng.ollamasim.Main.class.getName(),
                "--settings",
                file.toString(),
                "--instances",
                Integer.toString(instances),
                "--port",
                Integer.toString(port),
                "--admin-port",
                "0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-simulator"));
    return new SimProcess(process, awaitUrls(process, log, instances));
  }

  public List<URI> urls() {
    return urls;
  }

  /**
   * Returns the THRONG_* variables of a server that generates with simulated backends.
   *
   * @param backends their addresses, or those of proxies in front of them
   */
  public static Map<String, String> serverSettings(List<URI> backends, SimSettings simulated) {
    return Map.of(
        "THRONG_GENERATOR",
        "ollama",
        "THRONG_OLLAMA_URLS",
        backends.stream().map(URI::toString).collect(Collectors.joining(",")),
        "THRONG_MODEL_NAME",
        simulated.models().getFirst(),
        "THRONG_OLLAMA_SLOTS",
        Integer.toString(simulated.slots()));
  }

  /** kill -9, and waits for the end. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
  }

  private static List<URI> awaitUrls(Process process, Path log, int instances)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      String text = Files.readString(log);
      List<URI> urls =
          URL.matcher(text).results().map((MatchResult hit) -> URI.create(hit.group(1))).toList();
      if (urls.size() == instances) {
        return urls;
      }
      if (!process.isAlive() || System.nanoTime() - until > 0) {
        process.destroy();
        throw new IOException("the simulator did not start: " + text);
      }
      Thread.sleep(Duration.ofMillis(20));
    }
  }
}

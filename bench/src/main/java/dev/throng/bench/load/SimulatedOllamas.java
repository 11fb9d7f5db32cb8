package dev.throng.bench.load;

import dev.throng.bench.rig.SimProcess;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Three simulated Ollamas, each in a separate process. */
final class SimulatedOllamas implements AutoCloseable {
  static final int BACKENDS = 3;

  /** Of 100 slots, whose answers take about two seconds. */
  static final SimSettings SETTINGS =
      SimSettings.instant()
          .withSlots(100)
          .withNumCtx(32_768)
          .withRates(new Rates(1_000_000, 50, 0, 0))
          .withAnswers(new AnswerLength(100, 0.3, 16, 600));

  private final Path folder;
  private final SimSettings settings;
  private final List<SimProcess> processes = new ArrayList<>();

  SimulatedOllamas(Path folder, SimSettings settings) throws IOException, InterruptedException {
    this.folder = folder;
    this.settings = settings;
    try {
      for (int i = 0; i < BACKENDS; i++) {
        processes.add(start(i, 0));
      }
    } catch (IOException | InterruptedException e) {
      close();
      throw e;
    }
  }

  private SimProcess start(int number, int port) throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve("ollama" + number));
    return SimProcess.start(own, settings, 1, port);
  }

  List<URI> urls() {
    return processes.stream().flatMap(each -> each.urls().stream()).toList();
  }

  /** Returns the THRONG_* variables of a server that generates with them. */
  Map<String, String> serverSettings() {
    return SimProcess.serverSettings(urls(), settings);
  }

  /** kill -9, and the same at the same address after a while. */
  void killOne(int number, Duration down) throws IOException, InterruptedException {
    int victim = number % BACKENDS;
    SimProcess killed = processes.get(victim);
    killed.kill();
    TimeUnit.NANOSECONDS.sleep(down.toNanos());
    processes.set(victim, start(victim, killed.urls().getFirst().getPort()));
  }

  @Override
  public void close() {
    processes.forEach(SimProcess::close);
  }
}

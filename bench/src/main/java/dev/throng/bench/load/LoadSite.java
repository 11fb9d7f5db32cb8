package dev.throng.bench.load;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.bench.rig.SimProcess;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A server in a process of its own, with the example handbook, which is edited all the time, and
 * three simulated Ollamas of 100 slots, whose answers take about two seconds.
 */
public final class LoadSite implements AutoCloseable {
  private static final int BACKENDS = 3;
  private static final String SLOTS = "100";
  private static final SimSettings SIMULATED =
      SimSettings.instant()
          .withSlots(Integer.parseInt(SLOTS))
          .withNumCtx(32_768)
          .withRates(new Rates(1_000_000, 50, 0, 0))
          .withAnswers(new AnswerLength(100, 0.3, 16, 600));

  private final SimProcess simulator;
  private final EditedDocuments documents;
  private final ServerProcess server;

  private LoadSite(SimProcess simulator, EditedDocuments documents, ServerProcess server) {
    this.simulator = simulator;
    this.documents = documents;
    this.server = server;
  }

  /**
   * Starts all parts, and waits until the server answers.
   *
   * @param editInterval between two edits
   */
  public static LoadSite start(Duration editInterval) throws IOException, InterruptedException {
    Path folder = Home.temporary("load");
    SimProcess simulator = SimProcess.start(folder, SIMULATED, BACKENDS);
    Path copy = Files.createDirectory(folder.resolve("documents"));
    EditedDocuments documents =
        new EditedDocuments(Home.examples().resolve("handbook"), copy, editInterval);
    Map<String, String> settings =
        Map.of(
            "THRONG_GENERATOR",
            "ollama",
            "THRONG_OLLAMA_URLS",
            simulator.urls().stream().map(URI::toString).collect(Collectors.joining(",")),
            "THRONG_MODEL_NAME",
            SIMULATED.models().getFirst(),
            "THRONG_OLLAMA_SLOTS",
            SLOTS);
    return new LoadSite(
        simulator, documents, ServerProcess.throng(folder, settings, List.of(), copy));
  }

  public URI url() {
    return URI.create(server.url());
  }

  int edits() {
    return documents.edits();
  }

  @Override
  public void close() {
    documents.close();
    server.close();
    simulator.close();
  }
}

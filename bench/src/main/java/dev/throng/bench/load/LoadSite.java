package dev.throng.bench.load;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.bench.rig.SimProcess;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A server in its own process, with the example handbook, which is edited all the time, and three
 * simulated Ollamas of 100 slots, whose answers take about two seconds.
 */
public final class LoadSite implements AutoCloseable {
  private static final int BACKENDS = 3;
  private static final SimSettings SIMULATED =
      SimSettings.instant()
          .withSlots(100)
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
    Path copy = folder.resolve("documents");
    EditedDocuments documents =
        new EditedDocuments(Home.examples().resolve("handbook"), copy, editInterval);
    Map<String, String> settings = SimProcess.serverSettings(simulator.urls(), SIMULATED);
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

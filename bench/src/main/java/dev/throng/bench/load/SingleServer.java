package dev.throng.bench.load;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.ollamasim.SimSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server in its own process, which follows documents that are edited all the time. */
final class SingleServer implements LoadSite {
  private final SimulatedOllamas backends;
  private final EditedDocuments documents;
  private final ServerProcess server;

  private SingleServer(SimulatedOllamas backends, EditedDocuments documents, ServerProcess server) {
    this.backends = backends;
    this.documents = documents;
    this.server = server;
  }

  /**
   * Starts all parts, and waits until the server answers.
   *
   * @param editInterval between two edits
   */
  static SingleServer start(Duration editInterval) throws IOException, InterruptedException {
    return start(editInterval, SimulatedOllamas.SETTINGS, Map.of());
  }

  /**
   * Starts all parts, and waits until the server answers.
   *
   * @param editInterval between two edits
   * @param simulated of each of the three backends
   * @param settings more THRONG_* variables
   */
  static SingleServer start(
      Duration editInterval, SimSettings simulated, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path folder = Home.temporary("load");
    SimulatedOllamas backends = new SimulatedOllamas(folder, simulated);
    try {
      Path copy = folder.resolve("documents");
      EditedDocuments documents = new EditedDocuments(copy, editInterval, _ -> {});
      Map<String, String> all = new HashMap<>(backends.serverSettings());
      all.putAll(settings);
      ServerProcess server = ServerProcess.throng(folder, all, List.of(), copy);
      return new SingleServer(backends, documents, server);
    } catch (IOException | InterruptedException e) {
      backends.close();
      throw e;
    }
  }

  @Override
  public URI url() {
    return URI.create(server.url());
  }

  @Override
  public List<URI> servers() {
    return List.of(url());
  }

  @Override
  public int edits() {
    return documents.edits();
  }

  @Override
  public boolean canKill() {
    return true;
  }

  @Override
  public void kill(int number, Duration down) throws IOException, InterruptedException {
    backends.killOne(number, down);
  }

  @Override
  public void close() {
    documents.close();
    server.close();
    backends.close();
  }
}

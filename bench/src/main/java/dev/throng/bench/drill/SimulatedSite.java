package dev.throng.bench.drill;

import dev.throng.bench.rig.BackendProxy;
import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.ProxiedCall;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.bench.rig.SimProcess;
import dev.throng.ollamasim.SimSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Throng in its own process, with simulated backends in another process and a proxy of this
 * process in front of each backend. Every question is generated, because no minimum relevance is
 * required.
 */
final class SimulatedSite implements AutoCloseable {
  private static final String WARM_UP = "{\"query\":\"How long is the notice period?\"}";

  private final SimProcess simulator;
  private final List<BackendProxy> proxies;
  private final ServerProcess server;

  private SimulatedSite(SimProcess simulator, List<BackendProxy> proxies, ServerProcess server) {
    this.simulator = simulator;
    this.proxies = proxies;
    this.server = server;
  }

  /**
   * Starts all parts; returns when the server has answered.
   *
   * @param settings THRONG_* variables, in addition to those of this class
   * @param options for the server's JVM
   */
  static SimulatedSite start(
      SimSettings simulated,
      int backends,
      Map<String, String> settings,
      List<String> options,
      Path documents)
      throws IOException, InterruptedException {
    Path folder = Home.temporary("drill");
    SimProcess simulator = SimProcess.start(folder, simulated, backends);
    List<BackendProxy> proxies = new ArrayList<>();
    for (URI url : simulator.urls()) {
      proxies.add(new BackendProxy(url));
    }
    List<URI> urls = proxies.stream().map(BackendProxy::url).toList();
    Map<String, String> all = new HashMap<>(SimProcess.serverSettings(urls, simulated));
    all.put("THRONG_RETRIEVAL_MIN_RELEVANCE", "-1");
    all.putAll(settings);
    ServerProcess server = ServerProcess.throng(folder, all, options, documents);
    server.post("/query", WARM_UP);
    return new SimulatedSite(simulator, proxies, server);
  }

  ServerProcess server() {
    return server;
  }

  URI url() {
    return URI.create(server.url());
  }

  List<BackendProxy> proxies() {
    return proxies;
  }

  /** Returns the generations requested from the backends. */
  List<ProxiedCall> calls() {
    return proxies.stream().flatMap(proxy -> proxy.calls().stream()).toList();
  }

  void forgetCalls() {
    proxies.forEach(BackendProxy::forgetCalls);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (BackendProxy proxy : proxies) {
      proxy.close();
    }
    simulator.close();
  }
}

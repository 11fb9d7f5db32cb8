package dev.throng.cli;

import dev.throng.app.ClusterCheck;
import dev.throng.app.Logging;
import dev.throng.app.SighupHandler;
import dev.throng.app.Wiring;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.folder.SyncReport;
import dev.throng.http.TenantResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "serve", description = "Answers questions over HTTP.")
final class ServeCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config = new ConfigOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--host", paramLabel = "H", description = "Address to bind (default: 127.0.0.1).")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "Port; 0 for any free port (default: 8080).")
  private @Nullable String port;

  @Option(
      names = "--docs",
      paramLabel = "DIR",
      description =
          "Folder of documents to answer from; read before the server is ready, and followed afterwards.")
  private @Nullable Path docs;

  @Option(
      names = "--insecure",
      description = "Allows a --host that others can reach, although there are no keys yet.")
  private boolean insecure;

  @Option(
      names = "--cluster-check",
      description =
          "Only prints the settings of the replicas of the shared catalogue; fails if they differ.")
  private boolean clusterCheck;

  @Override
  public Integer call() throws InterruptedException {
    ThrongConfig settings = config.load(flags());
    if (clusterCheck) {
      ClusterCheck check = ClusterCheck.of(settings);
      ClusterReport.print(check, output);
      return check.isAgreed() ? ExitCodes.OK : ExitCodes.FAILED;
    }
    if (docs != null && !Files.isDirectory(docs)) {
      throw new IllegalArgumentException(
          "--docs: \"%s\" (expected: a folder that exists)".formatted(docs));
    }
    Logging.configure(settings.observe());
    CountDownLatch stopped = new CountDownLatch(1);
    Wiring server = new Wiring(settings);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  server.drain();
                  server.close();
                  stopped.countDown();
                }));
    SighupHandler.onSignal(() -> server.reload(config.load(flags())));
    server.start();
    server.announce();
    CollectionRef collection =
        new CollectionRef(TenantResolver.DEFAULT_TENANT, settings.answer().defaultCollection());
    if (docs != null && server.isCompatible()) {
      server.markIngesting();
      ingest(server, collection, docs);
    }
    if (server.open(collection)) {
      greet(settings.server().host(), server.port());
    }
    stopped.await();
    return ExitCodes.OK;
  }

  private void ingest(Wiring server, CollectionRef collection, Path folder)
      throws InterruptedException {
    SyncReport report;
    try (ProgressBar bar = new ProgressBar("reading " + folder, output)) {
      report =
          server.mirror(
              collection, folder, progress -> bar.update(progress.done(), progress.total()));
    }
    IngestReport.print(report, output);
  }

  private void greet(String host, int boundPort) {
    String url = "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, boundPort);
    output.inform(output.green("Ready") + " at " + output.bold(url) + "  Try:");
    output.inform(
        output.dim(
            "  curl -s %s/query -H 'Content-Type: application/json' -d '{\"query\":\"...\"}'"
                .formatted(url)));
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    if (host != null) {
      flags.put("server.host", host);
    }
    if (port != null) {
      flags.put("server.port", port);
    }
    if (insecure) {
      flags.put("server.insecure", "true");
    }
    return flags;
  }
}

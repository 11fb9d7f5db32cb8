package dev.throng.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.app.Wiring;
import dev.throng.config.ConfigLoader;
import dev.throng.core.CollectionRef;
import dev.throng.http.TenantResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** The training run of the AOT cache: a short-lived server, in a folder of its own. */
@Command(
    name = "aot-train",
    hidden = true,
    description = "Serves some hundred requests to itself, for `throng aot`.")
final class AotTrainCommand implements Callable<Integer> {
  private static final int ROUNDS = 60;

  private static final List<String> QUESTIONS =
      List.of(
          "How long is the warranty?",
          "Who approves a refund above 500 euros?",
          "Where is the spare key kept?",
          "What is the capital of France?");

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("throng-aot");
    try {
      Path documents = writeDocuments(folder.resolve("documents"));
      serve(folder.resolve("data"), documents);
      return ExitCodes.OK;
    } finally {
      delete(folder);
    }
  }

  private static void serve(Path data, Path documents) {
    CollectionRef collection = new CollectionRef(TenantResolver.DEFAULT_TENANT, "default");
    Wiring server =
        new Wiring(
            ConfigLoader.load(
                null, Map.of(), Map.of("data.dir", data.toString(), "server.port", "0")));
    try (ServerConnection connection = ServerConnection.own(server, collection)) {
      server.sync().sync(collection, List.of(documents), true, progress -> {});
      for (int round = 0; round < ROUNDS; round++) {
        String question = QUESTIONS.get(round % QUESTIONS.size());
        ObjectNode fresh = query(question + " (" + round + ")");
        connection.post("/query", fresh);
        connection.post("/query", fresh);
        connection.ask(fresh, text -> {});
        connection.post("/search", query(question));
      }
    }
  }

  private static ObjectNode query(String text) {
    return JsonNodeFactory.instance.objectNode().put("query", text);
  }

  private static Path writeDocuments(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("warranty.md"),
        """
        # Warranty

        The warranty of every drive is 24 months from delivery. Batteries have 12 months.

        | part | months |
        |---|---|
        | drive | 24 |
        | battery | 12 |
        """);
    Files.writeString(
        folder.resolve("refunds.html"),
        "<html><head><title>Refunds</title></head><body><h1>Refunds</h1><p>The head of sales"
            + " approves a refund above 500 euros.</p></body></html>");
    Files.writeString(
        folder.resolve("keys.txt"), "The spare key is kept in the safe of the reception.");
    return folder;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "reindex",
    description = {
      "Rebuilds the index of a collection with the configured embedder and chunk size, while the current one"
          + " continues to answer, and then switches to it. If it is stopped, the next call continues where it was.",
      "The previous index is kept until the next reindex."
    })
final class ReindexCommand implements Callable<Integer> {
  private static final long POLL_INTERVAL_MILLIS = 300;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @ArgGroup(exclusive = true)
  private What what = new What();

  /** At most one of these options. */
  private static final class What {
    @Option(
        names = "--embedder",
        paramLabel = "ID",
        description =
            "Embedder of the new index, as shown by --status (default: the configured one).")
    private @Nullable String embedder;

    @Option(
        names = "--rollback",
        description = "Switches back to the previous index, after adding the documents it lacks.")
    private boolean rollback;

    @Option(names = "--discard", description = "Deletes the previous index, and an unfinished one.")
    private boolean discard;

    @Option(names = "--status", description = "Lists the indexes of the collection.")
    private boolean status;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (ServerConnection connection = server.connectToAsk()) {
      ObjectNode request = server.newRequest();
      if (what.status) {
        print(connection.get(statusPath(request)));
        return ExitCodes.OK;
      }
      if (what.discard) {
        print(connection.post("/admin/reindex/discard", request));
        return ExitCodes.OK;
      }
      JsonNode end = follow(connection, begin(connection, request));
      print(connection.get(statusPath(request)), end);
      return end.path("state").asText().equals("done") ? ExitCodes.OK : ExitCodes.FAILED;
    }
  }

  /** Starts a reindex, and returns its job or the job that is already under way. */
  private JsonNode begin(ServerConnection connection, ObjectNode request) {
    ObjectNode body = request.deepCopy();
    if (what.embedder != null) {
      body.put("embedder", what.embedder);
    }
    try {
      return connection.post(what.rollback ? "/admin/reindex/rollback" : "/admin/reindex", body);
    } catch (ThrongException e) {
      if (e.code() != ErrorCode.REINDEX_UNDER_WAY) {
        throw e;
      }
      JsonNode running = connection.get(statusPath(request)).path("job");
      if (running.isMissingNode()) {
        throw e; // it has ended in the meantime
      }
      output.inform("a reindex is already under way, following it");
      return running;
    }
  }

  private JsonNode follow(ServerConnection connection, JsonNode started)
      throws InterruptedException {
    JsonNode job = started;
    try (ProgressBar bar = new ProgressBar("chunks", output)) {
      String lastWait = "";
      while (!job.has("finished_at")) {
        TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL_MILLIS);
        job = connection.get("/jobs/" + started.path("id").asText());
        bar.update(job.path("chunks_done").asInt(), job.path("chunks_total").asInt());
        String wait = job.path("waits_for").path("detail").asText();
        if (!wait.isEmpty() && !wait.equals(lastWait)) {
          output.inform("waiting: " + wait);
        }
        lastWait = wait;
      }
    }
    return job;
  }

  private static String statusPath(ObjectNode request) {
    return request.has("collection")
        ? "/admin/reindex?collection="
            + ServerConnection.encoded(request.path("collection").asText())
        : "/admin/reindex";
  }

  private void print(JsonNode status, JsonNode job) {
    if (output.json()) {
      ((ObjectNode) status).set("job", job);
      output.print(status);
      return;
    }
    JsonNode error = job.path("error");
    output.line(
        error.isMissingNode()
            ? "%s: %s".formatted(job.path("state").asText(), job.path("detail").asText())
            : "%s: %s".formatted(error.path("code").asText(), error.path("detail").asText()));
    print(status);
  }

  private void print(JsonNode status) {
    if (output.json()) {
      output.print(status);
      return;
    }
    output.line(line(status.path("live"), "live"));
    for (JsonNode other : status.path("others")) {
      output.line(line(other, other.path("state").asText()));
    }
  }

  private static String line(JsonNode index, String state) {
    return "index %d: %s, %s, %d documents"
        .formatted(
            index.path("index").asLong(),
            state,
            index.path("embedder").asText(),
            index.path("documents").asInt());
  }
}

package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "jobs",
    description =
        "Lists the jobs that ingest documents, and those that failed. Cancels and retries jobs.")
final class JobsCommand implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--state",
      paramLabel = "STATES",
      description =
          "Only jobs in one of these states, separated by commas; open for all that have not ended.")
  private String states = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of jobs (default: 20).")
  private int limit = 20;

  @ArgGroup(exclusive = true)
  private Change change = new Change();

  /** At most one of these options. */
  private static final class Change {
    @Option(names = "--cancel", paramLabel = "JOB", description = "Cancels a job.")
    private @Nullable String cancelled;

    @Option(
        names = "--retry",
        paramLabel = "JOB",
        description = "Requeues a job that failed or was cancelled.")
    private @Nullable String retried;
  }

  @Parameters(arity = "0..1", paramLabel = "JOB", description = "Shows one job in detail.")
  private @Nullable String job;

  @Override
  public Integer call() {
    try (ServerConnection connection = server.connect()) {
      if (change.cancelled != null) {
        show(connection.post(path(change.cancelled) + "/cancel", server.newRequest()));
      } else if (change.retried != null) {
        show(connection.post(path(change.retried) + "/retry", server.newRequest()));
      } else if (job != null) {
        show(connection.get(path(job)));
      } else {
        list(connection);
      }
    }
    return ExitCodes.OK;
  }

  private void list(ServerConnection connection) {
    String collection = server.newRequest().path("collection").asText();
    JsonNode found =
        connection.get(
            "/jobs?limit=%d&state=%s&collection=%s"
                .formatted(
                    limit, ServerConnection.encoded(states), ServerConnection.encoded(collection)));
    if (output.json()) {
      output.print(found);
      return;
    }
    found.path("jobs").forEach(each -> output.line(JobLine.of(each)));
    if (found.has("next")) {
      output.inform("there are more (raise --limit)");
    }
  }

  private void show(JsonNode found) {
    if (output.json()) {
      output.print(found);
      return;
    }
    output.line(JobLine.of(found));
    ((ObjectNode) found)
        .properties()
        .forEach(
            field -> output.line("  %s: %s".formatted(field.getKey(), text(field.getValue()))));
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.asText() : value.toString();
  }

  private static String path(String id) {
    return "/jobs/" + ServerConnection.encoded(id);
  }
}

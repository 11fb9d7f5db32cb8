package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ingest",
    description = "Reads files and folders into a collection. Unchanged documents are skipped.")
final class IngestCommand implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--remove-missing",
      description =
          "Also removes documents that were read from files that are no longer below the paths.")
  private boolean removeMissing;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.")
  private List<Path> paths = List.of();

  @Override
  public Integer call() {
    ObjectNode request = server.newRequest();
    ArrayNode absolute = request.putArray("paths");
    for (Path path : paths) {
      if (!Files.isReadable(path)) {
        throw new IllegalArgumentException(
            "\"%s\" (expected: a file or folder that can be read)".formatted(path));
      }
      absolute.add(path.toAbsolutePath().normalize().toString());
    }
    request.put("remove_missing", removeMissing);
    JsonNode report = send(request);
    if (output.json()) {
      output.print(report);
    } else {
      IngestReport.print(report, output);
    }
    return report.path("failures").isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private JsonNode send(ObjectNode request) {
    JsonNode last;
    try (ServerConnection connection = server.connect();
        ProgressBar bar = new ProgressBar("reading", output)) {
      last =
          connection.postForLines(
              "/admin/ingest",
              request,
              line -> {
                if (line.has("total")) {
                  bar.update(line.path("done").asInt(), line.path("total").asInt());
                }
              });
    }
    if (!last.has("failures")) { // a report always has this field
      throw new ThrongException(
          ErrorCode.UNREACHABLE,
          "the server closed the connection early (the documents read so far are kept)");
    }
    return last;
  }
}

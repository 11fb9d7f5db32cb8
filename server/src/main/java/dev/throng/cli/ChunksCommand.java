package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "chunks",
    description = "Shows what was understood of a document: its chunks, with page and section.")
final class ChunksCommand implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--from",
      paramLabel = "N",
      description = "Number of the first chunk (default: 0).")
  private int from;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of chunks (default: 100).")
  private int limit = 100;

  @Parameters(arity = "1", paramLabel = "URI", description = "The document.")
  private String uri = "";

  @Override
  public Integer call() {
    try (ServerConnection connection = server.connect()) {
      String documents =
          "/collections/%s/documents".formatted(ServerConnection.encoded(server.collectionName()));
      JsonNode found =
          connection.get(
              "%s/%s/chunks?from=%d&limit=%d"
                  .formatted(documents, idOf(connection, documents), from, limit));
      if (output.json()) {
        output.print(found);
      } else {
        found.path("chunks").forEach(this::print);
        if (found.has("next")) {
          output.inform("there are more (--from %d)".formatted(found.path("next").asInt()));
        }
      }
    }
    return ExitCodes.OK;
  }

  private String idOf(ServerConnection connection, String documents) {
    JsonNode first =
        connection
            .get("%s?limit=1&prefix=%s".formatted(documents, ServerConnection.encoded(uri)))
            .path("documents")
            .path(0);
    if (!first.path("uri").asText().equals(uri)) {
      String nearest = first.path("uri").asText();
      throw new ThrongException(
          ErrorCode.UNKNOWN_DOCUMENT,
          nearest.isEmpty() ? uri : "%s (there is: %s)".formatted(uri, nearest));
    }
    return first.path("id").asText();
  }

  private void print(JsonNode chunk) {
    output.line(
        "%s  %s"
            .formatted(
                output.bold(chunk.path("ordinal").asText()),
                output.dim(
                    "%d-%d%s%s"
                        .formatted(
                            chunk.path("start").asInt(),
                            chunk.path("end").asInt(),
                            chunk.path("quoted").asBoolean() ? ", quoted" : "",
                            chunk.path("superseded").asBoolean() ? ", superseded" : ""))));
    for (JsonNode span : chunk.path("spans")) {
      String page = span.has("page") ? "page " + span.path("page_label").asText() + "  " : "";
      output.line("   " + output.dim(page + span.path("section").asText()));
    }
    output.line(chunk.path("text").asText().indent(3));
  }
}

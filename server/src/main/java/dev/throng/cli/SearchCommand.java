package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "search", description = "Finds passages, without an answer.")
final class SearchCommand implements Callable<Integer> {
  private static final int SHOWN_CHARS = 240;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private FilterOption filter = new FilterOption();

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Number of passages (default: as configured).")
  private @Nullable Integer topK;

  @Parameters(arity = "1..*", paramLabel = "QUERY", description = "The search query.")
  private String[] words = {};

  @Override
  public Integer call() {
    ObjectNode request = server.newRequest().put("query", String.join(" ", words));
    filter.addTo(request);
    if (topK != null) {
      request.put("top_k", topK);
    }
    try (ServerConnection connection = server.connectToAsk()) {
      JsonNode found = connection.post("/search", request);
      if (output.json()) {
        output.print(found);
      } else {
        found.path("results").forEach(this::print);
      }
    }
    return ExitCodes.OK;
  }

  private void print(JsonNode passage) {
    output.line("%d. %s".formatted(passage.path("n").asInt(), SourceLine.of(passage, output)));
    String text = passage.path("text").asText().replaceAll("\\s+", " ");
    output.line(
        "   %.3f  %s%s"
            .formatted(
                passage.path("score").asDouble(),
                text.substring(0, Math.min(SHOWN_CHARS, text.length())),
                text.length() > SHOWN_CHARS ? "..." : ""));
  }
}

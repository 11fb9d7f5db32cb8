package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "ask", description = "Answers a question and prints the sources.")
final class AskCommand implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private FilterOption filter = new FilterOption();

  @Parameters(arity = "1..*", paramLabel = "QUESTION", description = "The question.")
  private String[] words = {};

  @Override
  public Integer call() {
    ObjectNode request = server.newRequest().put("query", String.join(" ", words));
    filter.addTo(request);
    try (ServerConnection connection = server.connectToAsk()) {
      if (output.json()) {
        output.print(connection.ask(request, text -> {}));
        return ExitCodes.OK;
      }
      JsonNode answer = connection.ask(request, output::piece);
      output.line("");
      printSources(answer);
      printNotes(answer);
    }
    return ExitCodes.OK;
  }

  /** Prints the sources that the answer cites. */
  private void printSources(JsonNode answer) {
    output.line("");
    for (JsonNode source : answer.path("sources")) {
      if (source.path("cited").asBoolean()) {
        output.line("[%d] %s".formatted(source.path("n").asInt(), SourceLine.of(source, output)));
      }
    }
  }

  private void printNotes(JsonNode answer) {
    String generator = answer.path("generator").asText();
    String model = answer.path("model").asText();
    output.inform(
        output.dim(
            "%s, %.1f s%s"
                .formatted(
                    model.equals(generator) ? generator : generator + " " + model,
                    answer.path("response_time").asDouble(),
                    answer.path("cached").asBoolean() ? ", cached" : "")));
    if (answer.path("degraded").asBoolean()) {
      boolean isStale = answer.path("stale").asBoolean();
      output.inform(
          output.yellow(
              (isStale
                      ? "An earlier answer; its documents may have changed since"
                      : "Quoted from the documents, without a model")
                  + " (%s).".formatted(answer.path("degradation").path("reason").asText())));
    }
    String ending = answer.path("finish_reason").asText().toLowerCase(Locale.ROOT);
    switch (ending) {
      case "length" ->
          output.inform(output.yellow("The answer was cut off at the maximum length."));
      case "refusal" -> output.inform(output.yellow("The model refused to continue."));
      case "content_filter" -> output.inform(output.yellow("A filter cut the answer off."));
      default -> {}
    }
  }
}

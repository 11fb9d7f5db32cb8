package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "feedback",
    description = "What users say about answers.",
    subcommands = FeedbackCommand.Export.class,
    synopsisSubcommandLabel = "export")
final class FeedbackCommand {
  private static final int PAGE = 1_000;

  private FeedbackCommand() {}

  @Command(
      name = "export",
      description =
          "Writes a question set for `throng eval --questions`: the questions whose answers were"
              + " rated up, with the documents that helped, or else all that the answer was made"
              + " from.")
  static final class Export implements Callable<Integer> {
    @Mixin private ServerOptions server = new ServerOptions();
    @Mixin private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "FILE", description = "The file to write, which must not exist.")
    private Path file = Path.of("");

    private int exported;
    private int leftOut;

    @Override
    public Integer call() throws IOException {
      try (ServerConnection connection = server.connect();
          BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW)) {
        String next = "";
        do {
          JsonNode page = connection.get(path(next));
          for (JsonNode entry : page.path("feedback")) {
            export(entry, out);
          }
          next = page.path("next").asText("");
        } while (!next.isEmpty());
      } catch (FileAlreadyExistsException e) {
        throw new IllegalArgumentException(file + " exists (expected: a new file)", e);
      }
      output.line("%d questions in %s, %d entries left out".formatted(exported, file, leftOut));
      return ExitCodes.OK;
    }

    /** Returns the path of a page of entries, of which "" is the first. */
    private String path(String before) {
      String collection = server.newRequest().path("collection").asText("");
      return "/admin/feedback?limit="
          + PAGE
          + (collection.isEmpty()
              ? ""
              : "&collection=" + URLEncoder.encode(collection, StandardCharsets.UTF_8))
          + (before.isEmpty() ? "" : "&before=" + before);
    }

    private void export(JsonNode entry, BufferedWriter out) throws IOException {
      String question = entry.path("query").asText();
      JsonNode documents =
          entry.path("helpful").isEmpty() ? entry.path("documents") : entry.path("helpful");
      if (!entry.path("rating").asText().equals("up")
          || question.isEmpty()
          || documents.isEmpty()) {
        leftOut++;
        return;
      }
      ObjectNode line = JsonNodeFactory.instance.objectNode().put("question", question);
      line.set("documents", documents);
      out.write(line.toString());
      out.newLine();
      exported++;
    }
  }
}

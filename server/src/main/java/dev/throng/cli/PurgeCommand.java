package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.http.admin.PurgeRoute;
import dev.throng.janitor.FileScan;
import dev.throng.janitor.PlaceCheck;
import dev.throng.janitor.SoughtTokens;
import dev.throng.janitor.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "purge",
    description = {
      "Permanently removes what is left of deleted or replaced documents: chunks, rows,"
          + " originals, answers. Without --collection, it purges all collections.",
      "With --verify it removes nothing, and searches all stored data for texts instead."
    })
final class PurgeCommand implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--verify",
      description =
          "Checks whether any of the given texts is still stored, in all collections; exits"
              + " with 1 if one is.")
  private boolean verify;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "With --verify: also searches this local file or folder.")
  private List<Path> logs = List.of();

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description = "With --verify: a file with one text per line.")
  private List<Path> files = List.of();

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "With --verify: texts of 8 to 64 characters.")
  private List<String> texts = List.of();

  @Override
  public Integer call() {
    if (verify) {
      if (server.hasCollection()) {
        throw new IllegalArgumentException("--verify checks all collections, without --collection");
      }
      return verify(sought());
    }
    if (!texts.isEmpty() || !files.isEmpty() || !logs.isEmpty()) {
      throw new IllegalArgumentException("texts, --texts and --log need --verify");
    }
    JsonNode report;
    try (ServerConnection connection = server.connect()) {
      report = connection.post("/admin/purge", server.newRequest());
    }
    if (output.json()) {
      output.print(report);
    } else {
      print(report);
    }
    return report.path("complete").asBoolean() ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private void print(JsonNode report) {
    for (JsonNode place : report.path("places")) {
      output.line(
          "%-12s %6d %-10s %s"
              .formatted(
                  place.path("place").asText(),
                  place.path("removed").asLong(),
                  place.path("unit").asText(),
                  place.has("left") ? "left: " + place.path("left").asText() : "")
              .stripTrailing());
    }
    for (JsonNode failure : report.path("failures")) {
      output.line(output.red("failed: ") + failure.asText());
    }
    if (!report.path("complete").asBoolean()) {
      output.line("Run it again to complete it.");
    }
  }

  private List<String> sought() {
    List<String> sought = new ArrayList<>(texts);
    for (Path file : files) {
      try {
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .forEach(sought::add);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "--texts: \"%s\" (expected: a text file in UTF-8 that can be read)".formatted(file), e);
      }
    }
    return sought;
  }

  private int verify(List<String> sought) {
    for (Path log : logs) {
      if (!Files.isReadable(log)) { // otherwise nothing would be found in it
        throw new IllegalArgumentException(
            "--log: \"%s\" (expected: a file or folder that can be read)".formatted(log));
      }
    }
    SoughtTokens tokens = SoughtTokens.of(sought);
    ObjectNode request = output.newObject();
    sought.forEach(request.putArray("tokens")::add);
    ObjectNode report;
    try (ServerConnection connection = server.connect()) {
      report = (ObjectNode) connection.post("/admin/purge/verify", request);
    }
    List<PlaceCheck> inLogs = FileScan.of(logs, tokens);
    ArrayNode places = (ArrayNode) report.path("places");
    inLogs.forEach(check -> PurgeRoute.appendPlace(check, "log: " + check.place(), places));
    Verification.Report ofLogs = new Verification.Report(inLogs, List.of());
    boolean isClean = report.path("clean").asBoolean() && ofLogs.isClean();
    boolean isComplete = report.path("complete").asBoolean() && ofLogs.isComplete();
    report.put("clean", isClean).put("complete", isComplete);
    if (output.json()) {
      output.print(report);
    } else {
      printFound(report);
    }
    return isClean && isComplete ? ExitCodes.OK : ExitCodes.FAILED;
  }

  /**
   * Prints texts by their number only, because printing a text would leave it behind in logs and
   * terminals.
   */
  private void printFound(JsonNode report) {
    for (JsonNode place : report.path("places")) {
      String found = numbers(place.path("found"));
      String failure = place.path("failure").asText();
      output.line(
          "%-24s %9d %-10s %s"
              .formatted(
                  place.path("place").asText(),
                  place.path("looked_at").asLong(),
                  place.path("unit").asText(),
                  !failure.isEmpty()
                      ? output.red("check not completed: " + failure)
                      : found.isEmpty() ? output.green("nothing") : output.red("found: " + found)));
    }
    for (JsonNode replica : report.path("other_replicas")) {
      output.line(
          output.yellow("not checked: ")
              + "the memory of the replica %s (check it with --url)".formatted(replica.asText()));
    }
    if (!report.path("clean").asBoolean()) {
      output.line(output.red("Some of the texts are still stored."));
    } else if (!report.path("complete").asBoolean()) {
      output.line(output.red("None of the texts was found, but not every place was checked."));
    } else {
      output.line("None of the texts was found.");
    }
  }

  private static String numbers(JsonNode found) {
    return StreamSupport.stream(found.spliterator(), false)
        .map(number -> "text " + number.asInt())
        .collect(Collectors.joining(", "));
  }
}

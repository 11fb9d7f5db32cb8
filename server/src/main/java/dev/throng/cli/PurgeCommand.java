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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
      "Removes for good what belongs to documents that were deleted or replaced: chunks, rows,"
          + " originals, answers. Without --collection, of all collections.",
      "With --verify it removes nothing, and looks for texts at every place instead."
    })
final class PurgeCommand implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--verify",
      description =
          "Looks whether any of the given texts is still kept anywhere, in all collections; exits"
              + " with 1 when one is.")
  private boolean verify;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "With --verify: looks also into this file, or folder, of this machine.")
  private List<Path> logs = List.of();

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT|FILE",
      description = "With --verify: texts of 8 to 64 characters, or files with one a line.")
  private List<String> texts = List.of();

  @Override
  public Integer call() {
    if (verify) {
      return verify(sought());
    }
    if (!texts.isEmpty() || !logs.isEmpty()) {
      throw new IllegalArgumentException("texts and --log belong to --verify");
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
    List<String> sought = new ArrayList<>();
    try {
      for (String text : texts) {
        if (isFile(text)) {
          Files.readAllLines(Path.of(text)).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .forEach(sought::add);
        } else {
          sought.add(text);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sought;
  }

  private static boolean isFile(String text) {
    try {
      return Files.isRegularFile(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private int verify(List<String> sought) {
    for (Path log : logs) {
      if (!Files.isReadable(log)) { // or nothing would be found in it
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
    inLogs.forEach(check -> PurgeRoute.show(check, "log: " + check.place(), places));
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

  /** Texts by their number: what prints them leaves them behind. */
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
                      ? output.red("not looked at to the end: " + failure)
                      : found.isEmpty() ? output.green("nothing") : output.red("found: " + found)));
    }
    for (JsonNode replica : report.path("other_replicas")) {
      output.line(
          output.yellow("not looked into: ")
              + "the memory of the replica %s; ask it with --url".formatted(replica.asText()));
    }
    output.line(
        report.path("clean").asBoolean()
            ? "None of the texts was found."
            : output.red("Some of the texts are still kept."));
  }

  private static String numbers(JsonNode found) {
    return StreamSupport.stream(found.spliterator(), false)
        .map(number -> "text " + number.asInt())
        .collect(Collectors.joining(", "));
  }
}

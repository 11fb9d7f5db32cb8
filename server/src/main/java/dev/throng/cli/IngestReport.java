package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.folder.SyncReport;
import dev.throng.http.admin.IngestRoute;

/** Prints the result of a sync. */
final class IngestReport {
  private IngestReport() {}

  static void print(SyncReport report, OutputOptions output) {
    print(IngestRoute.line(report), output);
  }

  /**
   * Prints a report.
   *
   * @param report as the server sends it
   */
  static void print(JsonNode report, OutputOptions output) {
    output.inform(
        "%d added, %d changed, %d removed, %d unchanged (%d new chunks)"
            .formatted(
                report.path("added").asInt(),
                report.path("changed").asInt(),
                report.path("removed").asInt(),
                report.path("unchanged").asInt(),
                report.path("chunks").asInt()));
    for (JsonNode failure : report.path("failures")) {
      output.inform(
          "%s %s: %s"
              .formatted(
                  output.yellow("not read"),
                  failure.path("code").asText(),
                  failure.path("detail").asText()));
    }
  }
}

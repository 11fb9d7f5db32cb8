package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Formats a job as one line. */
final class JobLine {
  private JobLine() {}

  /**
   * Returns the line.
   *
   * @param job as the API shows it
   */
  static String of(JsonNode job) {
    String subject =
        job.has("uri") ? job.path("uri").asText() : "index " + job.path("index").asText();
    return "%s  %-10s %s: %s%s%s"
        .formatted(
            job.path("id").asText(),
            job.path("state").asText(),
            job.path("collection").asText(),
            subject,
            progress(job),
            reason(job));
  }

  private static String progress(JsonNode job) {
    if (job.has("finished_at") || !job.has("chunks_total")) {
      return "";
    }
    String counts =
        ", %d of %d chunks"
            .formatted(job.path("chunks_done").asInt(), job.path("chunks_total").asInt());
    return job.has("eta_seconds")
        ? counts + ", about %d s left".formatted(job.path("eta_seconds").asLong())
        : counts;
  }

  private static String reason(JsonNode job) {
    JsonNode error = job.path(job.has("error") ? "error" : "waits_for");
    if (!error.isMissingNode()) {
      String code = error.path("code").asText();
      return " (%s%s)".formatted(code.isEmpty() ? "" : code + ": ", error.path("detail").asText());
    }
    return job.has("detail") ? " (" + job.path("detail").asText() + ")" : "";
  }
}

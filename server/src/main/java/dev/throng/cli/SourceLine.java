package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Where a passage is from, in one line. */
final class SourceLine {
  private SourceLine() {}

  static String of(JsonNode passage, OutputOptions output) {
    StringBuilder line = new StringBuilder(output.bold(passage.path("title").asText()));
    if (passage.has("page")) {
      line.append(", page ").append(passage.path("page").asInt());
    }
    String section = passage.path("section").asText();
    if (!section.isEmpty() && !section.equals(passage.path("title").asText())) {
      line.append(", ").append(section);
    }
    return line.append("  ").append(output.dim(passage.path("uri").asText())).toString();
  }
}

package dev.throng.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Formats the location of a passage as one line. */
final class SourceLine {
  private SourceLine() {}

  static String of(JsonNode passage, OutputOptions output) {
    String title = passage.path("title").asText();
    StringBuilder line = new StringBuilder(output.bold(title));
    if (passage.has("page")) {
      line.append(", page ").append(passage.path("page").asInt());
    }
    String section = passage.path("section").asText();
    if (section.startsWith(title + " > ")) {
      section = section.substring(title.length() + 3);
    }
    if (!section.isEmpty() && !section.equals(title)) {
      line.append(", ").append(section);
    }
    if (passage.path("superseded").asBoolean()) {
      line.append(output.yellow(" (superseded)"));
    }
    return line.append("  ").append(output.dim(passage.path("uri").asText())).toString();
  }
}

package dev.throng.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which documents a question is about. */
final class FilterOption {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--filter",
      paramLabel = "JSON",
      description =
          "Documents to look at, such as '{\"department\": \"hr\"}' (default: all). The server's"
              + " API says what a filter can be.")
  private @Nullable String filter;

  /** Adds it to a request's body; what it means, the server says. */
  void addTo(ObjectNode request) {
    if (filter == null) {
      return;
    }
    try {
      request.set("filter", JSON.readTree(filter));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "--filter: %s (expected: a JSON object, like '{\"department\": \"hr\"}'): %s"
              .formatted(filter, e.getOriginalMessage()),
          e);
    }
  }
}

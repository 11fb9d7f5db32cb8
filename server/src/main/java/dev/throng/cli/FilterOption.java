package dev.throng.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that restricts the documents of a question. */
final class FilterOption {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--filter",
      paramLabel = "JSON",
      description =
          "Documents to search, such as '{\"department\": \"hr\"}' (default: all). The server's"
              + " API documentation describes filters.")
  private @Nullable String filter;

  /** Adds the filter to a request's body. The server interprets it. */
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

package dev.throng.backend.ollama;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;

/**
 * Parses the parameters of a model as {@code /api/show} prints them: one per line, with name,
 * blanks and value. Texts are quoted in Go syntax ({@code getModelParams} in Ollama's
 * server/routes.go).
 */
final class ModelParameters {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STOP = "stop ";

  private ModelParameters() {}

  /**
   * Returns the texts that end the model's turn. Texts whose quoting is not also valid JSON are
   * omitted.
   */
  static List<String> stops(String parameters) {
    return parameters
        .lines()
        .filter(line -> line.startsWith(STOP))
        .flatMap(line -> unquoted(line.substring(STOP.length()).strip()).stream())
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private static Optional<String> unquoted(String value) {
    try {
      return Optional.of(JSON.readValue(value, String.class));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}

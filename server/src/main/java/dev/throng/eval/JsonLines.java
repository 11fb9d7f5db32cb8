package dev.throng.eval;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads files with one JSON value per line. */
final class JsonLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLines() {}

  /**
   * Returns the values of all lines that are not blank.
   *
   * @param expected what the file should be, for the message
   * @throws IllegalArgumentException naming file and line when it is missing or malformed
   */
  static List<JsonNode> read(Path file, String expected) {
    List<JsonNode> values = new ArrayList<>();
    int number = 0;
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          values.add(JSON.readTree(line));
        }
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "%s:%d: %s".formatted(file, number, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw unreadable(file, expected, e);
    }
    return values;
  }

  static IllegalArgumentException unreadable(Path file, String expected, IOException cause) {
    return new IllegalArgumentException(
        "%s: cannot be read (expected: %s): %s".formatted(file, expected, cause), cause);
  }
}

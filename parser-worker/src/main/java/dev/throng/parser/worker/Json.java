package dev.throng.parser.worker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Converts JSON, or one JSON value per line, into lines of {@code path: value}. */
final class Json {
  private final Deque<String> path = new ArrayDeque<>();
  private final Lines lines;
  private final int maxDepth;

  private Json(TextBuilder text, int maxDepth) {
    this.lines = new Lines(text);
    this.maxDepth = maxDepth;
  }

  /**
   * Reads to the end, with little memory.
   *
   * @throws IOException a {@link com.fasterxml.jackson.core.JsonProcessingException} where it is
   *     not JSON
   */
  static void parse(Reader in, TextBuilder text, int maxDepth) throws IOException {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(maxDepth + 10).build())
            .build();
    try (JsonParser json = factory.createParser(in)) {
      new Json(text, maxDepth).read(json);
    }
  }

  private void read(JsonParser json) throws IOException {
    String name = "";
    for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
      switch (token) {
        case FIELD_NAME -> name = json.currentName();
        case START_OBJECT, START_ARRAY -> {
          path.addLast(name);
          name = "";
          if (path.size() > maxDepth) {
            throw new DocumentException(
                Reason.DOCUMENT_TOO_DEEP,
                "more than %d nested objects and arrays".formatted(maxDepth));
          }
        }
        case END_OBJECT, END_ARRAY -> {
          path.removeLast();
          name = "";
          lines.endOfRecord();
        }
        default -> {
          lines.add(pathTo(name), json.getText());
          name = json.getParsingContext().inArray() ? name : "";
        }
      }
    }
    lines.end();
  }

  /** Returns a path of names only, because indexes in arrays carry no meaning. */
  private String pathTo(String name) {
    StringBuilder joined = new StringBuilder();
    for (Iterator<String> names = path.iterator(); names.hasNext(); ) {
      String part = names.next();
      if (!part.isEmpty()) {
        joined.append(joined.isEmpty() ? "" : ".").append(part);
      }
    }
    if (!name.isEmpty()) {
      joined.append(joined.isEmpty() ? "" : ".").append(name);
    }
    return joined.toString();
  }
}

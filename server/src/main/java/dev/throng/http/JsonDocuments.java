package dev.throng.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Reads a body with one document or a list of {@code documents}, one document at a time. Only one
 * document is in memory, and an error in one is reported before the next is read.
 */
final class JsonDocuments {
  private static final String LIST = "documents";

  private final JsonParser parser;
  private final Consumer<JsonFields> documents;

  private JsonDocuments(JsonParser parser, Consumer<JsonFields> documents) {
    this.parser = parser;
    this.documents = documents;
  }

  /**
   * Reads a complete body.
   *
   * @param maxTextChars maximum length of a string
   * @param documents receives the fields of each document, in the order sent
   * @throws ThrongException MALFORMED_JSON, INVALID_FIELD, UNKNOWN_FIELD, DOCUMENT_TOO_LARGE
   */
  static void read(InputStream body, int maxTextChars, Consumer<JsonFields> documents) {
    try (JsonParser parser = JsonFields.parser(body, maxTextChars)) {
      new JsonDocuments(parser, documents).read();
    } catch (StreamConstraintsException e) {
      throw String.valueOf(e.getMessage()).contains("getMaxStringLength")
          ? new ThrongException(
              ErrorCode.DOCUMENT_TOO_LARGE,
              "a text of more than %d characters (expected: send it as a file)"
                  .formatted(maxTextChars),
              e)
          : JsonFields.malformed(e);
    } catch (JacksonException e) {
      throw JsonFields.malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException("the body could not be read", e);
    }
  }

  private void read() throws IOException {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw new ThrongException(
          ErrorCode.MALFORMED_JSON,
          first == null
              ? "the body is empty (expected: a JSON object)"
              : "the body is not an object (expected: a JSON object)");
    }
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    boolean isList = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(LIST) && value == JsonToken.START_ARRAY) {
        isList = true;
        readList();
      } else {
        rest.set(name, parser.readValueAsTree());
      }
    }
    if (parser.nextToken() != null) {
      throw new ThrongException(
          ErrorCode.MALFORMED_JSON,
          "more content after the end of the object (expected: one JSON object)");
    }
    finish(rest, isList);
  }

  private void readList() throws IOException {
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String place = "%s[%d]".formatted(LIST, count);
      if (!(parser.readValueAsTree() instanceof ObjectNode document)) {
        throw ThrongException.invalidField(place, "not an object", "an object");
      }
      documents.accept(JsonFields.of(place + ".", document));
      count++;
    }
  }

  private void finish(ObjectNode rest, boolean isList) {
    JsonFields fields = JsonFields.of("", rest);
    if (fields.has(LIST)) {
      throw ThrongException.invalidField(LIST, "not a list of objects", "a list of objects");
    }
    if (isList) {
      fields.finish();
    } else {
      documents.accept(fields);
    }
  }
}

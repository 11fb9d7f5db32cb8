package dev.throng.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.MetadataJson;
import dev.throng.core.DayOrMoment;
import dev.throng.core.ErrorCode;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object in a request, read with precise error messages. Fields that were not
 * read are refused by {@link #finish}.
 */
public final class JsonFields {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_SHOWN_CHARS = 60;

  private static final ObjectReader READER =
      mapper(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  private final String prefix;
  private final ObjectNode object;
  private final Set<String> read = new HashSet<>();

  private JsonFields(String prefix, ObjectNode object) {
    this.prefix = prefix;
    this.object = object;
  }

  private static JsonMapper.Builder mapper(StreamReadConstraints constraints) {
    JsonFactory factory = JsonFactory.builder().streamReadConstraints(constraints).build();
    return JsonMapper.builder(factory).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
  }

  /** Returns a parser that reads a body token by token, as strictly as {@link #parse}. */
  static JsonParser parser(InputStream body, int maxTextChars) throws IOException {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(maxTextChars)
            .build();
    return mapper(constraints).build().createParser(body);
  }

  /** Returns the fields of an object that is already parsed. */
  static JsonFields of(String prefix, ObjectNode object) {
    return new JsonFields(prefix, object);
  }

  /**
   * Parses a body.
   *
   * @throws ThrongException MALFORMED_JSON with line and column; INVALID_FIELD when it is not an
   *     object
   */
  public static JsonFields parse(byte[] body) {
    return new JsonFields("", parseObject(body));
  }

  private static ObjectNode parseObject(byte[] body) {
    try {
      JsonNode node = READER.readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new ThrongException(
          ErrorCode.MALFORMED_JSON,
          body.length == 0
              ? "the body is empty (expected: a JSON object)"
              : "the body is %s (expected: a JSON object)".formatted(typeOf(node)));
    } catch (JacksonException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.MALFORMED_JSON, "not valid UTF-8: " + e.getMessage(), e);
    }
  }

  /** Like {@link #parse}, for JSON that is not a body, such as a parameter. */
  static ObjectNode parseObject(String json) {
    return parseObject(json.getBytes(StandardCharsets.UTF_8));
  }

  static ThrongException malformed(JacksonException e) {

    JsonLocation location = e.getLocation();
    String place =
        location == null
            ? ""
            : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    return new ThrongException(
        ErrorCode.MALFORMED_JSON, "not valid JSON" + place + ": " + withoutSource(e), e);
  }

  /** Removes Jackson's own settings, which end some messages in square brackets. */
  private static String withoutSource(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    int source = message.indexOf("[Source:");
    String own = source < 0 ? message : message.substring(0, source);
    return own.strip().replaceFirst("(?s)[\\s(;]*(start marker at|at)?$", "");
  }

  public boolean has(String name) {
    return present(name).isPresent();
  }

  public Optional<String> text(String name) {
    return present(name)
        .map(node -> {
          if (!node.isTextual()) {
            throw wrong(name, node, "a string");
          }
          return node.textValue();
        });
  }

  public Optional<Integer> integer(String name, int min, int max) {
    return present(name)
        .map(node -> {
          boolean isInRange =
              node.isIntegralNumber()
                  && node.canConvertToInt()
                  && node.intValue() >= min
                  && node.intValue() <= max;
          if (!isInRange) {
            throw wrong(name, node, "a whole number from %d to %d".formatted(min, max));
          }
          return node.intValue();
        });
  }

  public boolean flag(String name) {
    return present(name)
        .map(node -> {
          if (!node.isBoolean()) {
            throw wrong(name, node, "true or false");
          }
          return node.booleanValue();
        })
        .orElse(false);
  }

  /** Returns a list of strings. The size of the body bounds their length. */
  public Optional<List<String>> texts(String name) {
    return present(name)
        .map(node -> {
          if (!node.isArray()) {
            throw wrong(name, node, "a list of strings");
          }
          List<String> texts = new ArrayList<>();
          for (JsonNode item : node) {
            if (!item.isTextual()) {
              throw wrong(name + "[" + texts.size() + "]", item, "a string");
            }
            texts.add(item.textValue());
          }
          return List.copyOf(texts);
        });
  }

  /** Returns a string as a list of one, or a list of strings. */
  public Optional<List<String>> textOrTexts(String name) {
    return present(name)
        .map(node -> {
          if (!node.isTextual() && !node.isArray()) {
            throw wrong(name, node, "a string or a list of strings");
          }
          return node.isTextual()
              ? List.of(node.textValue())
              : texts(name).orElseThrow(); // present, as checked above
        });
  }

  public Optional<JsonFields> object(String name) {
    return present(name)
        .map(node -> {
          if (node instanceof ObjectNode inner) {
            return new JsonFields(prefix + name + ".", inner);
          }
          throw wrong(name, node, "an object");
        });
  }

  /** A field of any type. */
  Optional<JsonNode> node(String name) {
    return present(name);
  }

  /** Returns a date or an instant, or null when the field is absent. */
  public @Nullable Instant moment(String name) {
    return text(name).map(text -> moment(path(name), text)).orElse(null);
  }

  /**
   * Parses an instant, or a date, which stands for its first instant in UTC.
   *
   * @throws ThrongException INVALID_FIELD
   */
  static Instant moment(String name, String text) {
    return DayOrMoment.parse(text)
        .map(DayOrMoment::start)
        .orElseThrow(() ->
            ThrongException.invalidField(
                name, shortened(text), "a date, like 2025-03-01 or 2025-03-01T12:00:00Z"));
  }

  /** Returns a document's metadata, which is empty when the field is absent. */
  public Metadata metadata(String name) {
    return present(name).map(MetadataJson::read).orElse(Metadata.NONE);
  }

  /** Returns the names of all fields in the order written. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /**
   * Checks that every field was read.
   *
   * @throws ThrongException UNKNOWN_FIELD
   */
  public void finish() {
    for (String name : names()) {
      if (!read.contains(name)) {
        throw new ThrongException(
            ErrorCode.UNKNOWN_FIELD,
            "%s%s (expected: one of %s)"
                .formatted(
                    prefix, shortened(name), String.join(", ", read.stream().sorted().toList())));
      }
    }
  }

  /** Returns the path of a field, for messages. */
  public String path(String name) {
    return prefix + name;
  }

  private Optional<JsonNode> present(String name) {
    read.add(name);
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  private ThrongException wrong(String name, JsonNode node, String expected) {
    return ThrongException.invalidField(prefix + name, shortened(node.toString()), expected);
  }

  /** Returns as much of a value as a message needs. */
  static String shortened(String value) {
    return value.length() <= MAX_SHOWN_CHARS ? value : value.substring(0, MAX_SHOWN_CHARS) + "...";
  }

  private static String typeOf(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case MISSING, BINARY, OBJECT, POJO -> "empty";
    };
  }
}

package dev.throng.catalog;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.core.DayOrMoment;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Metadata as a JSON object: in requests, in responses, and in the catalogue. */
public final class MetadataJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final int MAX_SHOWN_CHARS = 60;
  private static final String TYPES = "a string, a number, true, false or a list of strings";

  private MetadataJson() {}

  /**
   * Reads an object of a request. A field that is null counts as absent.
   *
   * @throws ThrongException INVALID_FIELD, naming the field below {@code metadata}
   */
  public static Metadata read(JsonNode object) {
    if (!(object instanceof ObjectNode fields)) {
      throw ThrongException.invalidField("metadata", truncate(object), "an object");
    }
    Map<String, Metadata.Value> values = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!field.getValue().isNull()) {
        values.put(field.getKey(), value(field.getKey(), field.getValue()));
      }
    }
    return new Metadata(values);
  }

  private static Metadata.Value value(String name, JsonNode node) {
    String path = "metadata." + name;
    if (node.isTextual()) {
      return name.equals(Metadata.SOURCE)
          ? new Metadata.Text(node.textValue())
          : Metadata.textOrDate(node.textValue());
    }
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return new Metadata.Numeric(node.decimalValue());
    }
    if (node.isBoolean()) {
      return new Metadata.Flag(node.booleanValue());
    }
    if (!(node instanceof ArrayNode list)) {
      throw ThrongException.invalidField(path, truncate(node), TYPES);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list) {
      if (!item.isTextual()) {
        throw ThrongException.invalidField(
            "%s[%d]".formatted(path, texts.size()), truncate(item), "a string");
      }
      texts.add(item.textValue());
    }
    return new Metadata.Texts(texts);
  }

  /** Returns an object with its fields in the order of their names. */
  public static ObjectNode write(Metadata metadata) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(metadata.fields()).forEach((name, value) -> write(object, name, value));
    return object;
  }

  private static void write(ObjectNode object, String name, Metadata.Value value) {
    switch (value) {
      case Metadata.Text(String text) -> object.put(name, text);
      case Metadata.Numeric(BigDecimal number) -> writeNumber(object, name, number);
      case Metadata.Flag(boolean isTrue) -> object.put(name, isTrue);
      case Metadata.Date(DayOrMoment date) -> object.put(name, date.text());
      case Metadata.Texts(List<String> texts) -> texts.forEach(object.putArray(name)::add);
    }
  }

  /** Writes a whole number without an exponent: 2000, not 2E+3. */
  private static void writeNumber(ObjectNode object, String name, BigDecimal number) {
    if (number.scale() <= 0 && number.precision() - number.scale() <= Metadata.MAX_DIGITS) {
      object.put(name, number.toBigIntegerExact());
    } else {
      object.put(name, number);
    }
  }

  /** Returns the object on one line. It is the same for equal metadata. */
  public static String text(Metadata metadata) {
    return metadata.fields().isEmpty() ? "{}" : write(metadata).toString();
  }

  /** Parses the result of {@link #text}. */
  static Metadata parse(String text) {
    if (text.equals("{}")) {
      return Metadata.NONE; // most documents have none, and startup reads all
    }
    try {
      return read(JSON.readTree(text));
    } catch (JacksonException e) {
      throw new IllegalStateException(
          "metadata in the catalogue is not JSON: " + truncate(text), e);
    }
  }

  private static String truncate(JsonNode node) {
    return truncate(node.toString());
  }

  private static String truncate(String value) {
    return value.length() <= MAX_SHOWN_CHARS ? value : value.substring(0, MAX_SHOWN_CHARS) + "...";
  }
}

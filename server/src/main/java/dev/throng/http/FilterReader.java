package dev.throng.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.core.DayOrMoment;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import dev.throng.retrieval.Condition;
import dev.throng.retrieval.Condition.Bound;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.FilterField;
import dev.throng.retrieval.FilterField.BuiltIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads filters. A key is an operator or a field, and either may be the outer one: {@code {"eq":
 * {"year": 2025}}} means the same as {@code {"year": {"eq": 2025}}}. All conditions in one object
 * must hold.
 */
public final class FilterReader {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_CONDITIONS = 64;
  private static final int MAX_VALUES = 1_000;
  private static final String CONDITIONS = "and, or, not, eq, in, range, prefix or a field's name";
  private static final String COMPARISONS = "eq, in, range, prefix, gt, gte, lt or lte";
  private static final String BOUNDS = "gt, gte, lt or lte";
  private static final String A_DATE = "a date, like \"2025-03-01\" or \"2025-03-01T12:00:00Z\"";

  private final String root;
  private int comparisons;

  private FilterReader(String root) {
    this.root = root;
  }

  /**
   * Reads a filter. An empty object matches all documents.
   *
   * @param path the filter's location, for messages
   * @throws ThrongException INVALID_FIELD, naming the location in the filter
   */
  static DocumentFilter read(JsonNode node, String path) {
    return node instanceof ObjectNode object && object.isEmpty()
        ? DocumentFilter.ALL
        : new DocumentFilter(new FilterReader(path).condition(node, path, 1));
  }

  /** The filter in a field of a request; all documents when there is none. */
  static DocumentFilter of(JsonFields fields, String name) {
    return fields.node(name).map(node -> read(node, fields.path(name))).orElse(DocumentFilter.ALL);
  }

  /**
   * Like {@link #read}, for a filter in text form.
   *
   * @throws ThrongException MALFORMED_JSON, INVALID_FIELD
   */
  public static DocumentFilter parse(String json, String path) {
    return read(JsonFields.parseObject(json), path);
  }

  private Condition condition(JsonNode node, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw ThrongException.invalidField(
          path, depth + " levels of and, or, not", "at most " + MAX_DEPTH);
    }
    List<Condition> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> part : entries(node, path, CONDITIONS)) {
      String name = part.getKey();
      JsonNode operand = part.getValue();
      String place = path + "." + name;
      switch (name) {
        case "and" -> all.add(Condition.and(conditions(operand, place, depth)));
        case "or" -> all.add(Condition.or(conditions(operand, place, depth)));
        case "not" -> all.add(new Condition.Not(condition(operand, place, depth + 1)));
        case "eq", "in", "range", "prefix" -> {
          for (Map.Entry<String, JsonNode> of : entries(operand, place, "a field's name")) {
            String inner = place + "." + of.getKey();
            all.add(comparison(name, field(of.getKey(), inner), of.getValue(), inner));
          }
        }
        default -> all.add(ofField(field(name, place), operand, place));
      }
    }
    return Condition.and(all);
  }

  private List<Condition> conditions(JsonNode node, String path, int depth) {
    if (!(node instanceof ArrayNode list) || list.isEmpty()) {
      throw ThrongException.invalidField(path, truncate(node), "a list of at least one filter");
    }
    List<Condition> several = new ArrayList<>();
    for (JsonNode item : list) {
      several.add(condition(item, "%s[%d]".formatted(path, several.size()), depth + 1));
    }
    return several;
  }

  private static FilterField field(String name, String path) {
    if (!Metadata.isName(name)) {
      throw ThrongException.invalidField(path, "neither an operator nor a field", CONDITIONS);
    }
    return FilterField.named(name);
  }

  /**
   * Returns the condition for the value of a field's key: one value, several, or comparisons that
   * must all hold.
   */
  private Condition ofField(FilterField field, JsonNode node, String path) {
    if (node instanceof ArrayNode) {
      return comparison("in", field, node, path);
    }
    if (!(node instanceof ObjectNode object)) {
      return comparison("eq", field, node, path);
    }
    List<Condition> all = new ArrayList<>();
    ObjectNode bounds = object.objectNode();
    for (Map.Entry<String, JsonNode> part : entries(object, path, COMPARISONS)) {
      switch (part.getKey()) {
        case "eq", "in", "range", "prefix" ->
            all.add(comparison(part.getKey(), field, part.getValue(), path + "." + part.getKey()));
        case "gt", "gte", "lt", "lte" -> bounds.set(part.getKey(), part.getValue());
        default ->
            throw ThrongException.invalidField(
                path + "." + part.getKey(), "not an operator", COMPARISONS);
      }
    }
    if (!bounds.isEmpty()) {
      all.add(comparison("range", field, bounds, path));
    }
    return Condition.and(all);
  }

  private Condition comparison(String operator, FilterField field, JsonNode operand, String path) {
    comparisons++;
    if (comparisons > MAX_CONDITIONS) {
      throw ThrongException.invalidField(
          root, "more conditions than " + MAX_CONDITIONS, "at most " + MAX_CONDITIONS);
    }
    return switch (operator) {
      case "eq" -> Condition.anyOf(field, List.of(value(field, operand, path)));
      case "in" -> in(field, operand, path);
      case "range" -> range(field, operand, path);
      case "prefix" -> {
        if (!operand.isTextual()) {
          throw ThrongException.invalidField(path, truncate(operand), "a string");
        }
        yield new Condition.Prefix(field, operand.textValue());
      }
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static Condition in(FilterField field, JsonNode operand, String path) {
    if (!(operand instanceof ArrayNode list)) {
      throw ThrongException.invalidField(path, truncate(operand), "a list of values");
    }
    if (list.size() > MAX_VALUES) {
      throw ThrongException.invalidField(path, list.size() + " values", "at most " + MAX_VALUES);
    }
    List<Metadata.Value> values = new ArrayList<>();
    for (JsonNode item : list) {
      values.add(value(field, item, "%s[%d]".formatted(path, values.size())));
    }
    return Condition.anyOf(field, values);
  }

  private static Condition range(FilterField field, JsonNode operand, String path) {
    Bound above = null;
    Bound below = null;
    for (Map.Entry<String, JsonNode> part : entries(operand, path, BOUNDS)) {
      String place = path + "." + part.getKey();
      boolean isIncluded = part.getKey().endsWith("e");
      switch (part.getKey()) {
        case "gt", "gte" -> {
          above = only(above, place, "gt or gte");
          above = bound(field, part.getValue(), isIncluded, place);
        }
        case "lt", "lte" -> {
          below = only(below, place, "lt or lte");
          below = bound(field, part.getValue(), isIncluded, place);
        }
        default -> throw ThrongException.invalidField(place, "not a bound", BOUNDS);
      }
    }
    if (above != null
        && below != null
        && !above.value().getClass().equals(below.value().getClass())) {
      throw ThrongException.invalidField(
          path, truncate(operand), "both bounds numbers, or both strings");
    }
    return new Condition.Range(field, above, below);
  }

  private static @Nullable Bound only(@Nullable Bound earlier, String path, String one) {
    if (earlier != null) {
      throw ThrongException.invalidField(path, "a second bound on the same side", one);
    }
    return null;
  }

  private static Bound bound(FilterField field, JsonNode node, boolean isIncluded, String path) {
    if (node.isBoolean()) {
      throw ThrongException.invalidField(
          path, truncate(node), "a number, a date or another string");
    }
    return switch (value(field, node, path)) {
      case Metadata.Numeric(java.math.BigDecimal number) -> Bound.of(number, isIncluded);
      case Metadata.Text(String text) -> Bound.of(text, isIncluded);
      case Metadata.Flag _, Metadata.Date _, Metadata.Texts _ ->
          throw new IllegalStateException("read as a value: " + node);
    };
  }

  /**
   * Reads a value. A string stays a text here, because the field's value decides whether it means a
   * date.
   */
  private static Metadata.Value value(FilterField field, JsonNode node, String path) {
    if (field instanceof BuiltIn builtIn) {
      boolean isDate = builtIn == BuiltIn.MODIFIED_AT;
      if (!node.isTextual() || (isDate && DayOrMoment.parse(node.textValue()).isEmpty())) {
        throw ThrongException.invalidField(path, truncate(node), isDate ? A_DATE : "a string");
      }
    }
    if (node.isTextual()) {
      return new Metadata.Text(node.textValue());
    }
    if (node.isBoolean()) {
      return new Metadata.Flag(node.booleanValue());
    }
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return new Metadata.Numeric(node.decimalValue());
    }
    throw ThrongException.invalidField(path, truncate(node), "a string, a number, true or false");
  }

  private static Iterable<Map.Entry<String, JsonNode>> entries(
      JsonNode node, String path, String expected) {
    if (!(node instanceof ObjectNode object) || object.isEmpty()) {
      throw ThrongException.invalidField(path, truncate(node), "an object with " + expected);
    }
    return object.properties();
  }

  private static String truncate(JsonNode node) {
    return JsonFields.shortened(node.toString());
  }
}

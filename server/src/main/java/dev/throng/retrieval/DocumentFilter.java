package dev.throng.retrieval;

import dev.throng.catalog.LiveDocument;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Limits a question to some documents. Every condition must hold.
 *
 * @param conditions none means all documents
 */
public record DocumentFilter(List<Condition> conditions) {
  public static final DocumentFilter ALL = new DocumentFilter(List.of());

  /** What a condition looks at. */
  public enum Field {
    DOCUMENT_ID,
    URI
  }

  /** How it compares. */
  public enum Operator {
    EQ,
    IN,
    PREFIX
  }

  /**
   * One condition.
   *
   * @param values one, or several for IN
   */
  public record Condition(Field field, Operator operator, List<String> values)
      implements Predicate<LiveDocument> {
    @Override
    public boolean test(LiveDocument document) {
      String value =
          switch (field) {
            case DOCUMENT_ID -> document.id();
            case URI -> document.uri();
          };
      return switch (operator) {
        case EQ, IN -> values.contains(value);
        case PREFIX -> values.stream().anyMatch(value::startsWith);
      };
    }
  }

  public boolean isAll() {
    return conditions.isEmpty();
  }

  public boolean admits(LiveDocument document) {
    return conditions.stream().allMatch(condition -> condition.test(document));
  }

  /** The same text for filters that mean the same, whatever order they were written in. */
  public String canonical() {
    return conditions.stream()
        .map(condition ->
            condition.field()
                + " "
                + condition.operator()
                + " "
                + condition.values().stream().sorted().map(DocumentFilter::quote).toList())
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  private static String quote(String value) {
    return value.length() + ":" + value;
  }
}

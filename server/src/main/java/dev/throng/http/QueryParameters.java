package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.retrieval.DocumentFilter;
import java.util.HashSet;
import java.util.Set;

/**
 * The query parameters of a request, read with precise error messages. Parameters that were not
 * read are refused by {@link #finish}.
 */
public final class QueryParameters {
  private final Exchange exchange;
  private final Set<String> read = new HashSet<>();

  public QueryParameters(Exchange exchange) {
    this.exchange = exchange;
  }

  public String text(String name, String fallback) {
    read.add(name);
    return exchange.queryParameter(name).orElse(fallback);
  }

  /** Returns a filter in JSON, or one that matches all documents when the parameter is absent. */
  DocumentFilter filter(String name) {
    String json = text(name, "");
    return json.isEmpty() ? DocumentFilter.ALL : FilterReader.parse(json, name);
  }

  int integer(String name, int fallback, int min, int max) {
    return (int) number(name, fallback, min, max);
  }

  /** Returns a number in the path of the route. */
  int integerInPath(String name, int min, int max) {
    return (int) number(name, exchange.pathParameter(name), min, max);
  }

  long number(String name, long fallback, long min, long max) {
    String text = text(name, "");
    return text.isEmpty() ? fallback : number(name, text, min, max);
  }

  private static long number(String name, String text, long min, long max) {
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw ThrongException.invalidField(
        name, "\"" + text + "\"", "a whole number from %d to %d".formatted(min, max));
  }

  /**
   * Checks that every parameter was read.
   *
   * @throws ThrongException UNKNOWN_FIELD
   */
  public void finish() {
    for (String name : exchange.queryParameterNames()) {
      if (!read.contains(name)) {
        throw new ThrongException(
            ErrorCode.UNKNOWN_FIELD,
            "?%s= (expected: one of %s)"
                .formatted(name, String.join(", ", read.stream().sorted().toList())));
      }
    }
  }
}

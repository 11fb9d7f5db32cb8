package dev.throng.store.weaviate;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Builds parts of GraphQL queries. All user input is quoted. */
final class GraphQl {
  private GraphQl() {}

  /** Returns a string literal. GraphQL's string literals are those of JSON. */
  static String quoted(String text) {
    return "\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }

  /**
   * Returns a filter on one property.
   *
   * @param operator one that takes a list
   */
  static String where(String property, String operator, Collection<String> values) {
    return "where:{path:[\"%s\"],operator:%s,valueText:[%s]}"
        .formatted(
            property,
            operator,
            values.stream().map(GraphQl::quoted).collect(Collectors.joining(",")));
  }

  static String vector(float[] values) {
    StringBuilder list = new StringBuilder(values.length * 12).append('[');
    for (int i = 0; i < values.length; i++) {
      list.append(i == 0 ? "" : ",").append(values[i]);
    }
    return list.append(']').toString();
  }

  static <T> List<List<T>> pieces(Collection<T> all, int size) {
    List<T> list = List.copyOf(all);
    List<List<T>> pieces = new ArrayList<>();
    for (int from = 0; from < list.size(); from += size) {
      pieces.add(list.subList(from, Math.min(list.size(), from + size)));
    }
    return pieces;
  }
}

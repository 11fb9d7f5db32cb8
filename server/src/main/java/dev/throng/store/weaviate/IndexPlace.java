package dev.throng.store.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.config.Consistency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The location of one index, a tenant of a class, and GraphQL queries about it.
 *
 * @param readConsistency null for a class without replication, which has none
 */
record IndexPlace(String className, String tenant, @Nullable Consistency readConsistency) {
  static final String MARK = "mark";

  /**
   * Returns a query for objects.
   *
   * @param arguments what to search, and how many
   * @param fields of each object
   */
  String get(String arguments, String fields) {
    String consistency = readConsistency == null ? "" : ",consistencyLevel:" + readConsistency;
    return "{Get{%s(tenant:%s%s,%s){%s}}}"
        .formatted(className, GraphQl.quoted(tenant), consistency, arguments, fields);
  }

  JsonNode objects(JsonNode data) {
    return data.path("Get").path(className);
  }

  /**
   * Returns a query that counts objects.
   *
   * @param whereClauses a filter for each count; "" for all objects
   */
  String counts(List<String> whereClauses) {
    StringBuilder query = new StringBuilder("{Aggregate{");
    for (int i = 0; i < whereClauses.size(); i++) {
      String where = whereClauses.get(i).isEmpty() ? "" : "," + whereClauses.get(i);
      query.append(
          "c%d:%s(tenant:%s%s){meta{count}}"
              .formatted(i, className, GraphQl.quoted(tenant), where));
    }
    return query.append("}}").toString();
  }

  /** Returns the count for one of the filters. */
  static int count(JsonNode data, int where) {
    return data.at("/Aggregate/c%d/0/meta/count".formatted(where)).asInt();
  }

  /** Returns a query whose results differ when two nodes have different chunks. */
  String digest() {
    return "{Aggregate{%s(tenant:%s){meta{count}%s{sum}}}}"
        .formatted(className, GraphQl.quoted(tenant), MARK);
  }
}

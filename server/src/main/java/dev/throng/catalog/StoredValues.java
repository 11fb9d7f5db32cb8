package dev.throng.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Every value of every table, regardless of the schema, so that new columns are included. */
final class StoredValues {
  private static final int FETCH_ROWS = 100;

  /** PostgreSQL's planner stores some values of each column. */
  private static final String STATISTICS =
      "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats"
          + " WHERE schemaname = current_schema()";

  private StoredValues() {}

  /**
   * Passes texts in UTF-8 and bytes unchanged to {@code listener}. Numbers are omitted.
   *
   * @return the number of rows
   */
  static long forEachText(Handle handle, boolean isPostgres, Consumer<byte[]> listener) {
    return handle.inTransaction(transaction -> { // or PostgreSQL would buffer whole tables
      try {
        Connection connection = transaction.getConnection();
        long rows = 0;
        for (String table : tables(connection, isPostgres)) {
          rows += forEachText(connection, "SELECT * FROM \"" + table + '"', listener);
        }
        return isPostgres ? rows + forEachText(connection, STATISTICS, listener) : rows;
      } catch (SQLException e) {
        throw new IllegalStateException("the tables could not be read: " + e.getMessage(), e);
      }
    });
  }

  private static List<String> tables(Connection connection, boolean isPostgres)
      throws SQLException {
    List<String> names = new ArrayList<>();
    String schema = isPostgres ? connection.getSchema() : null;
    try (ResultSet tables =
        connection.getMetaData().getTables(null, schema, "%", new String[] {"TABLE"})) {
      while (tables.next()) {
        names.add(tables.getString("TABLE_NAME"));
      }
    }
    return names;
  }

  private static long forEachText(Connection connection, String query, Consumer<byte[]> listener)
      throws SQLException {
    long count = 0;
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet rows = statement.executeQuery()) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          for (int column = 1; column <= columns; column++) {
            Object value = rows.getObject(column);
            if (value instanceof String text) {
              listener.accept(text.getBytes(StandardCharsets.UTF_8));
            } else if (value instanceof byte[] bytes) {
              listener.accept(bytes);
            }
          }
          count++;
        }
      }
    }
    return count;
  }
}

package dev.throng.catalog;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Rewrites tables of PostgreSQL without deleted rows, and their statistics, which quote values. A
 * table cannot be read while it is rewritten. Publishes and jobs wait, but questions do not,
 * because their data is in memory and the periodic refreshes read only the table of collections.
 */
final class PostgresRewrite {
  /** Tables with titles, uris, names and metadata, each small compared with the chunks. */
  private static final List<String> TEXTS =
      List.of("document_version", "document", "job", "idempotency_key", "invalidation");

  /** Copying all originals would need their space again, so their space is only marked as free. */
  private static final String ORIGINALS = "blob_part";

  private static final int ATTEMPTS = 5;

  private PostgresRewrite() {}

  /**
   * Rewrites all tables, as {@link Database#rewriteFiles}.
   *
   * @param handle outside of a transaction, with a sufficient timeout
   */
  static String run(Handle handle) {
    for (String table : TEXTS) {
      execute(handle, "VACUUM (FULL, ANALYZE) " + table);
    }
    execute(handle, "VACUUM " + ORIGINALS);
    return "PostgreSQL's write-ahead log, and free pages of " + ORIGINALS + ", until it uses them";
  }

  /** Uses a short lock timeout, because other calls queue behind this one, and retries. */
  private static void execute(Handle handle, String sql) {
    for (int attempt = 1; ; attempt++) {
      try {
        handle.execute(sql);
        return;
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}

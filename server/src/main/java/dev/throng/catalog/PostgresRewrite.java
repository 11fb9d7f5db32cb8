package dev.throng.catalog;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Rewrites tables of PostgreSQL, without rows that are gone, and their statistics, which quote
 * values. While a table is written nobody reads it: publishes and jobs wait, and questions do not,
 * because what they need is in memory and the looks for news read only the table of collections.
 */
final class PostgresRewrite {
  /** They have titles, uris, names and metadata; each is small beside the chunks. */
  private static final List<String> TEXTS =
      List.of("document_version", "document", "job", "idempotency_key", "invalidation");

  /** To copy all originals would need their room once more: what was theirs is free instead. */
  private static final String ORIGINALS = "blob_part";

  private static final int ATTEMPTS = 5;

  private PostgresRewrite() {}

  /**
   * Rewrites all, as {@link Database#rewriteFiles}.
   *
   * @param handle outside of a transaction, with time enough
   */
  static String run(Handle handle) {
    for (String table : TEXTS) {
      execute(handle, "VACUUM (FULL, ANALYZE) " + table);
    }
    execute(handle, "VACUUM " + ORIGINALS);
    return "PostgreSQL's write-ahead log, and free pages of " + ORIGINALS + ", until it uses them";
  }

  /** The lock is not waited for long, since whoever comes behind waits, too; it is tried again. */
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

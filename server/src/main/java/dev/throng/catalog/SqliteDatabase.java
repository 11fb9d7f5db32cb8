package dev.throng.catalog;

import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.PlatformPool;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A database file that only this process uses. All calls go through one platform thread, because
 * SQLite has one writer and its calls would pin a virtual thread.
 */
final class SqliteDatabase implements Database {
  private static final Logger log = LoggerFactory.getLogger(SqliteDatabase.class);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration REWRITE_TIMEOUT = Duration.ofMinutes(30);
  private static final int MAX_WAITING_CALLS = 1_000;

  /** Primary result codes that mean that the file is unavailable (sqlite.org/rescode.html). */
  private static final Set<Integer> UNAVAILABLE_CODES =
      Stream.of(
              SQLiteErrorCode.SQLITE_IOERR,
              SQLiteErrorCode.SQLITE_READONLY,
              SQLiteErrorCode.SQLITE_CANTOPEN,
              SQLiteErrorCode.SQLITE_BUSY)
          .map(code -> code.code)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<Integer> DAMAGED_CODES =
      Set.of(SQLiteErrorCode.SQLITE_CORRUPT.code, SQLiteErrorCode.SQLITE_NOTADB.code);

  private static final int PRIMARY_CODE = 0xFF;
  private static final long MIN_FREE_BYTES = 1 << 16;

  private final Path file;
  private final KeptConnection connection;
  private final Jdbi jdbi;
  private final PlatformPool thread = new PlatformPool("catalog", 1, MAX_WAITING_CALLS);

  /**
   * Opens the database.
   *
   * @param file created when it is missing; its folder must exist
   */
  SqliteDatabase(Path file) {
    this.file = file;
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL); // a reported publish must be durable
    config.enforceForeignKeys(true);
    config.setBusyTimeout(5_000);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    connection = new KeptConnection(source);
    jdbi = Jdbi.create(connection);
    // The SQL statements are not templates, and searching them for templates would add 20 ms to
    // each start.
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
  }

  @Override
  public String migrations() {
    return "sqlite";
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public String forUpdate() {
    return "";
  }

  @Override
  public String forUpdateUnclaimed() {
    return "";
  }

  @Override
  public void lockSchema(Handle transaction) {
    // Not needed, because the data folder is locked for this process.
  }

  @Override
  public <T> T call(HandleCallback<T, RuntimeException> work) {
    return call(work, CALL_TIMEOUT);
  }

  private <T> T call(HandleCallback<T, RuntimeException> work, Duration timeout) {
    try {
      return thread.call(
          PlatformPool.Priority.BATCH,
          Deadline.after(Ticker.system(), timeout),
          () -> jdbi.withHandle(work));
    } catch (JdbiException e) {
      throw classify(e);
    }
  }

  /** Classifies a failure. A disk that is full or cannot be written may recover later. */
  private RuntimeException classify(JdbiException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        int code = sqlite.getErrorCode() & PRIMARY_CODE;
        connection.isSuspect |= code == SQLiteErrorCode.SQLITE_IOERR.code;
        if (code == SQLiteErrorCode.SQLITE_FULL.code
            || (UNAVAILABLE_CODES.contains(code) && isDiskFull())) {
          return failure(ErrorCode.STORAGE_FULL, sqlite, failure);
        }
        if (DAMAGED_CODES.contains(code)) {
          return failure(ErrorCode.CATALOG_DAMAGED, sqlite, failure);
        }
        if (UNAVAILABLE_CODES.contains(code)) {
          return failure(ErrorCode.CATALOG_UNAVAILABLE, sqlite, failure);
        }
      }
    }
    return failure;
  }

  /**
   * Returns whether the disk is full. SQLite reports a file that cannot grow or be created then as
   * a disk error or a missing file.
   */
  private boolean isDiskFull() {
    return file.toFile().getUsableSpace() < MIN_FREE_BYTES;
  }

  private ThrongException failure(ErrorCode code, SQLiteException cause, JdbiException failure) {
    return new ThrongException(code, "%s: %s".formatted(file, cause.getMessage()), failure);
  }

  @Override
  public <T> T snapshot(HandleCallback<T, RuntimeException> work) {
    return call(work); // there are no concurrent writes
  }

  @Override
  public <T> T longRunning(HandleCallback<T, RuntimeException> work) {
    return call(work, REWRITE_TIMEOUT);
  }

  /**
   * Rewrites into the log first, as all writes do. The checkpoint copies the log and truncates it.
   */
  @Override
  public String rewriteFiles() {
    boolean isWhole =
        longRunning(handle -> {
          handle.execute("VACUUM");
          return handle
                  .createQuery("PRAGMA wal_checkpoint(TRUNCATE)")
                  .map((row, context) -> row.getInt("busy"))
                  .one()
              == 0;
        });
    return isWhole ? "" : "the log, because another process is reading %s".formatted(file);
  }

  @Override
  public void close() {
    try {
      call(handle -> {
        connection.isSuspect = true;
        return true;
      });
    } catch (ThrongException e) {
      log.debug("{} will be closed when the process ends: {}", file, e.getMessage());
    }
    thread.close();
  }

  /**
   * The single connection, which the single thread uses. It stays open: opening one costs more than
   * most calls, and when the last one closes, SQLite copies its log, which needs a sync of the
   * disk.
   */
  private static final class KeptConnection implements ConnectionFactory {
    private final SQLiteDataSource source;
    private @Nullable Connection open;

    /** Set after a disk failure. The next call is then the last one on this connection. */
    private volatile boolean isSuspect;

    KeptConnection(SQLiteDataSource source) {
      this.source = source;
    }

    @Override
    public Connection openConnection() throws SQLException {
      Connection known = open;
      if (known == null) {
        known = source.getConnection();
        open = known;
      }
      return known;
    }

    /**
     * Closes a suspect connection, because a transaction that could not be ended must not continue
     * in the next call.
     */
    @Override
    public void closeConnection(Connection used) throws SQLException {
      if (isSuspect || !used.getAutoCommit()) {
        isSuspect = false;
        open = null;
        used.close();
      }
    }
  }
}

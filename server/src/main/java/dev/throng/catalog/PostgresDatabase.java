package dev.throng.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.throng.config.CatalogConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL that all replicas share. Calls run on the caller's virtual thread. The connections
 * are a bounded pool, for which callers queue with a deadline.
 */
final class PostgresDatabase implements Database {
  /** Identifies the lock under which one replica at a time changes the schema. */
  private static final long SCHEMA_LOCK = 0x7468726f6e67L;

  /**
   * SQL states that mean that a server is temporarily unavailable (appendix A of PostgreSQL's
   * manual): connection lost, shutting down, too many clients, a standby, a timeout of a lock or a
   * statement.
   */
  private static final Set<String> UNAVAILABLE_STATES =
      Set.of("57P01", "57P02", "57P03", "53300", "25006", "55P03", "57014");

  private static final String CONNECTION_CLASS = "08";

  private static final Duration REWRITE_TIMEOUT = Duration.ofMinutes(30);

  private final CatalogConfig config;
  private final HikariDataSource connections;
  private final Jdbi jdbi;

  PostgresDatabase(CatalogConfig config) {
    this.config = config;
    long timeoutMillis = config.callTimeout().toMillis();
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("catalog");
    pool.setDataSource(source(config.callTimeout()));
    pool.setMaximumPoolSize(config.maxConnections());
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(timeoutMillis);
    pool.setValidationTimeout(Math.min(timeoutMillis, 1_000));
    pool.setInitializationFailTimeout(-1); // the first call reports what is wrong
    connections = new HikariDataSource(pool);
    jdbi = Jdbi.create(connections);
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
  }

  private PGSimpleDataSource source(Duration timeout) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(config.url());
    if (!config.user().isEmpty()) {
      source.setUser(config.user());
      source.setPassword(config.password().value());
    }
    int timeoutSeconds = Math.max(1, (int) timeout.toSeconds());
    source.setConnectTimeout(Math.max(1, (int) config.callTimeout().toSeconds()));
    source.setSocketTimeout(timeoutSeconds + 1); // the server's own timeouts give better errors
    source.setTcpKeepAlive(true);
    source.setOptions(
        "-c statement_timeout=%d -c lock_timeout=%d"
            .formatted(timeout.toMillis(), config.callTimeout().toMillis()));
    source.setApplicationName("throng");
    return source;
  }

  @Override
  public String migrations() {
    return "postgres";
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public String forUpdate() {
    return " FOR UPDATE";
  }

  @Override
  public String forUpdateUnclaimed() {
    return " FOR UPDATE OF j SKIP LOCKED";
  }

  @Override
  public void lockSchema(Handle transaction) {
    transaction.select("SELECT pg_advisory_xact_lock(?)", SCHEMA_LOCK).mapToMap().list();
  }

  @Override
  public <T> T call(HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.withHandle(work);
    } catch (JdbiException e) {
      throw classify(e);
    }
  }

  @Override
  public <T> T snapshot(HandleCallback<T, RuntimeException> work) {
    return call(handle -> handle.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, work));
  }

  @Override
  public <T> T longRunning(HandleCallback<T, RuntimeException> work) {
    Jdbi own = Jdbi.create(source(REWRITE_TIMEOUT));
    own.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    try {
      return own.withHandle(work);
    } catch (JdbiException e) {
      throw classify(e);
    }
  }

  @Override
  public String rewriteFiles() {
    return longRunning(PostgresRewrite::run);
  }

  @Override
  public void close() {
    connections.close();
  }

  private RuntimeException classify(JdbiException failure) {
    String state = "";
    String message = String.valueOf(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        state = sql.getSQLState() == null ? "" : sql.getSQLState();
        message = String.valueOf(sql.getMessage());
      }
    }
    boolean isAbsent =
        failure instanceof ConnectionException
            || state.startsWith(CONNECTION_CLASS)
            || UNAVAILABLE_STATES.contains(state);
    return isAbsent
        ? new ThrongException(
            ErrorCode.CATALOG_UNAVAILABLE,
            "%s: %s".formatted(config.shownUrl(), message.lines().findFirst().orElse("")),
            failure)
        : failure;
  }
}

package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Brings a database to the newest schema. It runs the files 1.sql, 2.sql, ... that have not run
 * yet, each in one transaction together with the record that it ran, or all in one transaction
 * where the database is shared. docs/decisions/0004-migrations.md explains why Flyway is not used.
 */
final class Migrations {
  private final Database database;

  Migrations(Database database) {
    this.database = database;
  }

  /**
   * Runs the missing migrations.
   *
   * @throws ThrongException CATALOG_TOO_NEW
   */
  void run(Handle handle) {
    if (database.isShared()) {
      handle.useTransaction(transaction -> {
        database.lockSchema(transaction); // several replicas may start simultaneously
        runAll(transaction);
      });
    } else {
      runAll(handle);
    }
  }

  private void runAll(Handle handle) {
    handle.execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY)");
    int done =
        handle.createQuery("SELECT coalesce(max(number), 0) FROM migration").mapTo(int.class).one();
    int known = 0;
    for (String sql = read(1); sql != null; sql = read(known + 1)) {
      known++;
      if (known > done) {
        runOne(handle, known, sql);
      }
    }
    if (done > known) {
      throw new ThrongException(
          ErrorCode.CATALOG_TOO_NEW,
          "the catalogue has schema %d (expected: at most %d)".formatted(done, known));
    }
  }

  private static void runOne(Handle handle, int number, String sql) {
    handle.useTransaction(transaction -> {
      transaction.createScript(sql).execute();
      transaction.execute("INSERT INTO migration (number) VALUES (?)", number);
    });
  }

  private @Nullable String read(int number) {
    try (InputStream in =
        Migrations.class.getResourceAsStream(database.migrations() + "/" + number + ".sql")) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

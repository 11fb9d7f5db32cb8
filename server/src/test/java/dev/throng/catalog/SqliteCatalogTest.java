package dev.throng.catalog;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteCatalogTest extends CatalogContract {
  @TempDir private Path folder = Path.of("");

  private Path file() {
    return folder.resolve("catalog.sqlite");
  }

  @Override
  protected Catalog openCatalog() {
    return Catalog.openSqlite(file(), () -> now);
  }

  @Test
  void failedPublishChangesNothing() {
    LiveDocument document = begin(REF, "a.md");
    CollectionState before = catalog().state(REF);
    Jdbi direct = Jdbi.create("jdbc:sqlite:" + file());
    direct.useHandle(handle ->
        handle.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON collection BEGIN SELECT RAISE(ABORT, 'full'); END"));
    assertThrows(
        JdbiException.class,
        () -> catalog().publish(REF, new Publication(List.of(document), Set.of(), Set.of())));
    assertEquals(before, catalog().state(REF));
    direct.useHandle(handle -> handle.execute("DROP TRIGGER full"));
    reopen();
    assertEquals(before, catalog().state(REF));
  }

  @Test
  void catalogueOfANewerServerIsRefused() {
    Jdbi.create("jdbc:sqlite:" + file())
        .useHandle(handle -> handle.execute("INSERT INTO migration (number) VALUES (999)"));
    catalog().close();
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> Catalog.openSqlite(file(), () -> now));
    assertTrue(String.valueOf(refused.getMessage()).contains("999"));
  }

  @Test
  void callBehindAFullDiskFindsTheDatabaseWell() {
    try (SqliteDatabase database = new SqliteDatabase(folder.resolve("small.sqlite"))) {
      database.call(handle -> handle.execute("CREATE TABLE t (b BLOB)"));
      assertEquals(3, number(database, "PRAGMA max_page_count = 3"));
      assertFails(ErrorCode.STORAGE_FULL, () -> insert(database));
      assertEquals(0, number(database, "SELECT count(*) FROM t"));
      assertEquals(1_000, number(database, "PRAGMA max_page_count = 1000"));
      insert(database);
      assertEquals(1, number(database, "SELECT count(*) FROM t"));
    }
  }

  private static int insert(SqliteDatabase database) {
    return database.call(handle ->
        handle.inTransaction(
            transaction -> transaction.execute("INSERT INTO t VALUES (zeroblob(1000000))")));
  }

  private static int number(SqliteDatabase database, String query) {
    return database.call(handle -> handle.createQuery(query).mapTo(int.class).one());
  }
}

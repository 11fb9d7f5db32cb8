package dev.throng.catalog;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  void catalogueOfANewerReleaseIsRefused() {
    Jdbi.create("jdbc:sqlite:" + file())
        .useHandle(handle -> handle.execute("INSERT INTO migration (number) VALUES (999)"));
    catalog().close();
    assertFails(ErrorCode.CATALOG_TOO_NEW, () -> Catalog.openSqlite(file(), () -> now), "999");
  }

  @Test
  void rowsOfAnEarlierReleaseKeepTheirMeaning() {
    LiveDocument document = publish("a.md");
    Hash question = Hash.of(new byte[] {1});
    catalog().invalidation().of(new InvalidationTarget.Document(REF, document.id()));
    catalog().invalidation().of(new InvalidationTarget.Question(REF, question));
    Invalidations known = catalog().state(REF).invalidations();
    DocumentSource source =
        new DocumentSource("a.md", "a.md", null, Metadata.NONE, null, Blob.NONE);
    List<NewJob> jobs =
        List.of(
            new NewJob("reindex", new JobSpec.Reindex(7)),
            new NewJob("return-1", JobSpec.Document.sent(REF, source)),
            new NewJob("sent", JobSpec.Document.sent(REF, source)));
    catalog().jobs().enqueue(REF, jobs, null, Quota.NONE, 10);
    catalog().close();
    Jdbi.create("jdbc:sqlite:" + file())
        .useHandle(handle -> {
          handle.execute("UPDATE job SET uri = index_number WHERE kind = 'reindex'");
          handle.execute("ALTER TABLE job DROP COLUMN index_number");
          handle.execute("ALTER TABLE job DROP COLUMN is_restored");
          handle.execute("ALTER TABLE invalidation DROP COLUMN kind");
          handle.execute("DROP TABLE feedback");
          handle.execute("DELETE FROM migration WHERE number > 10");
        });
    reopen();
    assertEquals(known, catalog().state(REF).invalidations());
    assertEquals(new JobSpec.Reindex(7), spec("reindex"));
    assertEquals(new JobSpec.Document(document.id(), source, true), spec("return-1"));
    assertEquals(new JobSpec.Document(document.id(), source, false), spec("sent"));
  }

  private JobSpec spec(String job) {
    return catalog().jobs().find("default", job).orElseThrow().spec();
  }

  @Test
  void damagedFileIsNamedInTheError() throws IOException {
    Path noDatabase = Files.writeString(folder.resolve("text.sqlite"), "no database ".repeat(999));
    assertFails(
        ErrorCode.CATALOG_DAMAGED,
        () -> Catalog.openSqlite(noDatabase, () -> now),
        noDatabase.toString());
    catalog().close();
    byte[] bytes = Files.readAllBytes(file());
    Arrays.fill(bytes, 4_096, bytes.length, (byte) 0xFF); // all but its first page
    Files.write(file(), bytes);
    assertFails(
        ErrorCode.CATALOG_DAMAGED, () -> Catalog.openSqlite(file(), () -> now), "malformed");
  }

  @Test
  void callAfterAFullDiskFindsTheDatabaseIntact() {
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

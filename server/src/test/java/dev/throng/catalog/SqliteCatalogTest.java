package dev.throng.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}

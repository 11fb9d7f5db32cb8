package dev.throng.catalog;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Feedback in a database file. */
final class SqliteFeedbackTest extends FeedbackContract {
  @TempDir private Path folder = Path.of("");

  @Override
  protected Catalog openCatalog() {
    return Catalog.openSqlite(folder.resolve("catalog.sqlite"), () -> now);
  }
}

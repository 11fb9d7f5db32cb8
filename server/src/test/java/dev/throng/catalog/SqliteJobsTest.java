package dev.throng.catalog;

import dev.throng.core.Ids;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;

/** Jobs in a database file, originals in a folder. */
final class SqliteJobsTest extends JobsContract {
  @TempDir private Path folder = Path.of("");

  @Override
  protected Catalog openCatalog() {
    return Catalog.openSqlite(folder.resolve("catalog.sqlite"), () -> now);
  }

  @Override
  protected BlobStore blobs() {
    return new FolderBlobs(folder.resolve("originals"), new Ids(new SplittableRandom()));
  }
}

package dev.throng.catalog;

import dev.throng.it.Started;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs and originals in a real PostgreSQL. */
@Timeout(180)
final class PostgresJobsTest extends JobsContract {

  @RegisterExtension
  private static final Started<PostgresServer> postgres = Started.by(PostgresServer::new);

  @TempDir private Path folder = Path.of("");

  @Override
  protected void clear() {
    postgres.get().clear();
  }

  @Override
  protected Catalog openCatalog() {
    return postgres.get().openCatalog(() -> now);
  }

  @Override
  protected BlobStore blobs() {
    return catalog().blobs(folder);
  }
}

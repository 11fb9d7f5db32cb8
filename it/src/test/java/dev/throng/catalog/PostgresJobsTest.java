package dev.throng.catalog;

import dev.throng.it.Started;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs and originals in a real PostgreSQL. */
@Timeout(60)
final class PostgresJobsTest extends JobsContract {

  @RegisterExtension
  private static final Started<PostgresServer> postgres = Started.by(PostgresServer::new);

  @TempDir private Path folder = Path.of("");
  private int opened;

  @BeforeEach
  void empty() {
    catalog().close();
    postgres.get().empty();
    open();
  }

  @Override
  protected Catalog openCatalog() {
    opened++;
    return Catalog.openPostgres(postgres.get().config(), "worker-" + opened, () -> now);
  }

  @Override
  protected BlobStore blobs() {
    return catalog().blobs(folder);
  }
}

package dev.throng.catalog;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs and originals in a real PostgreSQL. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class PostgresJobsTest extends JobsContract {
  private static PostgresServer postgres;
  @TempDir private Path folder = Path.of("");
  private int opened;

  @BeforeAll
  static void start() {
    postgres = new PostgresServer();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void empty() {
    catalog().close();
    postgres.empty();
    open();
  }

  @Override
  protected Catalog openCatalog() {
    opened++;
    return Catalog.openPostgres(postgres.config(), "worker-" + opened, () -> now);
  }

  @Override
  protected BlobStore blobs() {
    return catalog().blobs(folder);
  }
}

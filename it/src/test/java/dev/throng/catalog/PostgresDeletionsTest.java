package dev.throng.catalog;

import dev.throng.it.Started;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deleted collections in a real PostgreSQL. */
@Timeout(180)
final class PostgresDeletionsTest extends DeletionsContract {

  @RegisterExtension
  private static final Started<PostgresServer> postgres = Started.by(PostgresServer::new);

  @Override
  protected void clear() {
    postgres.get().clear();
  }

  @Override
  protected Catalog openCatalog() {
    return postgres.get().openCatalog(() -> now);
  }
}

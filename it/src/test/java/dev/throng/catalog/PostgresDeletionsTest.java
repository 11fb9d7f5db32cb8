package dev.throng.catalog;

import dev.throng.it.Started;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deleted collections in a real PostgreSQL. */
@Timeout(60)
final class PostgresDeletionsTest extends DeletionsContract {

  @RegisterExtension
  private static final Started<PostgresServer> postgres = Started.by(PostgresServer::new);

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
    return Catalog.openPostgres(postgres.get().config(), "replica-" + opened, () -> now);
  }
}

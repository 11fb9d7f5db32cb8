package dev.throng.catalog;

import dev.throng.it.Started;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Feedback in a real PostgreSQL. */
@Timeout(180)
final class PostgresFeedbackTest extends FeedbackContract {
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

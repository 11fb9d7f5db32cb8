package dev.throng.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.it.Started;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Purges in a real PostgreSQL. */
@Timeout(180)
final class PostgresPurgesTest extends PurgesContract {

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

  @Test
  void purgeReturnsOnceTheOtherReplicaKnowsOfIt() {
    try (Catalog other = openCatalog()) {
      List<CollectionState> heard = new ArrayList<>();
      other.onPurge(heard::add);
      CollectionState purged =
          catalog().purges().remove(REF, catalog().state(REF).deadVersions()).state();
      assertEquals(List.of(purged), heard);
    }
  }
}

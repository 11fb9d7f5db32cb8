package dev.throng.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Purges in a real PostgreSQL. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class PostgresPurgesTest extends PurgesContract {
  private static PostgresServer postgres;
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
    return Catalog.openPostgres(postgres.config(), "replica-" + opened, () -> now);
  }

  @Test
  void otherReplicaHasHeardOfAPurgeWhenItReturns() {
    try (Catalog other = openCatalog()) {
      List<CollectionState> heard = new ArrayList<>();
      other.onPurge(heard::add);
      CollectionState purged =
          catalog().purges().remove(REF, catalog().state(REF).deadVersions()).state();
      assertEquals(List.of(purged), heard);
    }
  }
}

package dev.throng.catalog;

import dev.throng.config.CatalogConfig;
import dev.throng.config.ConfigLoader;
import dev.throng.it.Component;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;

/** A private PostgreSQL. */
final class PostgresServer implements AutoCloseable {
  private final AtomicInteger replicas = new AtomicInteger();
  private final Component process = Component.start("postgres", "postgres.* -p %d ");

  CatalogConfig config(String... settings) {
    Map<String, String> flags = new HashMap<>();
    flags.put("catalog.url", "jdbc:postgresql://127.0.0.1:%d/throng".formatted(process.port()));
    flags.put("catalog.user", "throng");
    flags.put("catalog.call_timeout", "2s");
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    return ConfigLoader.load(null, Map.of(), flags).catalog();
  }

  /** Opens the catalogue as another replica than before. */
  Catalog openCatalog(InstantSource clock) {
    return Catalog.openPostgres(config(), "replica-" + replicas.incrementAndGet(), clock);
  }

  /** Deletes everything, including the schema. */
  void clear() {
    direct()
        .useHandle(handle ->
            handle.createScript("DROP SCHEMA public CASCADE; CREATE SCHEMA public").execute());
  }

  Jdbi direct() {
    return Jdbi.create(
        "jdbc:postgresql://127.0.0.1:%d/throng?user=throng".formatted(process.port()));
  }

  void freeze() {
    process.freeze();
  }

  void thaw() {
    process.thaw();
  }

  @Override
  public void close() {
    process.close();
  }
}

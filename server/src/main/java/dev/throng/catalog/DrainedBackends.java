package dev.throng.catalog;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/** The backends that operators have taken out of use, in all replicas and over restarts. */
public final class DrainedBackends {
  private final Database database;
  private final InstantSource clock;

  DrainedBackends(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Returns the URLs of backends that an operator has taken out of use. */
  public Set<String> urls() {
    return database.call(handle ->
        new HashSet<>(
            handle.createQuery("SELECT url FROM drained_backend").mapTo(String.class).list()));
  }

  /** Takes a backend out of use, or back into use. */
  public void set(String url, boolean isDrained) {
    database.call(handle ->
        isDrained
            ? handle.execute(
                "INSERT INTO drained_backend (url, since) VALUES (?, ?) ON CONFLICT (url) DO NOTHING",
                url,
                clock.instant().toEpochMilli())
            : handle.execute("DELETE FROM drained_backend WHERE url = ?", url));
  }
}

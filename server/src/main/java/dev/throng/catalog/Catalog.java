package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.PlatformPool;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Collections, documents and their versions. The database holds the truth; the newest {@link
 * CollectionState} of each collection is also in memory, and questions read that alone.
 *
 * <p>Writes go through one platform thread: SQLite has one writer, and its calls would pin a
 * virtual thread.
 */
public final class Catalog implements AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_WAITING_CALLS = 1_000;

  private final Jdbi jdbi;
  private final PlatformPool threads = new PlatformPool("catalog", 1, MAX_WAITING_CALLS);
  private final InstantSource clock;
  private final Map<CollectionRef, CollectionState> states = new ConcurrentHashMap<>();

  private Catalog(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * Opens the embedded catalogue, creating or migrating it as needed.
   *
   * @param file the SQLite file; its folder must exist
   */
  public static Catalog openSqlite(Path file, InstantSource clock) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL); // a publish that was reported stays
    config.enforceForeignKeys(true);
    config.setBusyTimeout(5_000);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    Jdbi jdbi = Jdbi.create(source);
    // The SQL here is whole as it stands; looking for templates in it costs a start 20 ms.
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    Catalog catalog = new Catalog(jdbi, clock);
    catalog.call(handle -> {
      new Migrations("sqlite").run(handle);
      catalog.loadStates(handle);
      return true;
    });
    return catalog;
  }

  /** The collection as of now; empty when it does not exist. In memory. */
  public Optional<CollectionState> find(CollectionRef ref) {
    return Optional.ofNullable(states.get(ref));
  }

  /**
   * The collection as of now. In memory.
   *
   * @throws ThrongException UNKNOWN_COLLECTION
   */
  public CollectionState state(CollectionRef ref) {
    CollectionState state = states.get(ref);
    if (state == null) {
      throw new ThrongException(
          ErrorCode.UNKNOWN_COLLECTION,
          "collection: \"%s\" (expected: one that exists)".formatted(ref.name()));
    }
    return state;
  }

  /** Every collection of every tenant, as of now. */
  public Collection<CollectionState> states() {
    return List.copyOf(states.values());
  }

  /**
   * Creates the collection, or returns it as it is when it exists; its spec then stays what it was.
   */
  public CollectionState create(CollectionRef ref, CollectionSpec spec) {
    return call(handle ->
        handle.inTransaction(transaction -> {
          CollectionState existing = states.get(ref);
          if (existing != null) {
            return existing;
          }
          transaction.execute(
              "INSERT INTO collection (tenant, name, language, embedder, dimension, epoch, generation)"
                  + " VALUES (?, ?, ?, ?, ?, 0, 1)",
              ref.tenant(),
              ref.name(),
              spec.language(),
              spec.embedderId(),
              spec.dimension());
          CollectionState created =
              new CollectionState(ref, spec, 0, 1, Map.of(), Map.of(), Map.of());
          states.put(ref, created);
          return created;
        }));
  }

  /**
   * The id of the document at {@code uri}: the same whenever it is asked for, also after a
   * deletion.
   */
  public static String documentId(CollectionRef ref, String uri) {
    Hash hash = new Hash.Builder().add(ref.tenant()).add(ref.name()).add(uri).build();
    return "d" + hash.hex().substring(0, 23);
  }

  /**
   * Notes a version that is about to be written, and gives it its number. It stays invisible until
   * a publication makes it live; if that never comes, {@link #abandonedVersions} names it after the
   * next start.
   */
  public long beginVersion(CollectionRef ref, String uri, String title, Hash contentHash) {
    String documentId = documentId(ref, uri);
    return call(handle ->
        handle.inTransaction(transaction -> {
          transaction.execute(
              "INSERT INTO document (id, collection_id, uri)"
                  + " SELECT ?, id, ? FROM collection WHERE tenant = ? AND name = ?"
                  + " ON CONFLICT (id) DO NOTHING",
              documentId,
              uri,
              ref.tenant(),
              ref.name());
          return transaction
              .createQuery(
                  "INSERT INTO document_version (document_id, title, content_hash, chunk_count, state)"
                      + " VALUES (?, ?, ?, 0, 'writing') RETURNING id")
              .bind(0, documentId)
              .bind(1, title)
              .bind(2, contentHash.hex())
              .mapTo(long.class)
              .one();
        }));
  }

  /**
   * Makes the changes visible and moves the epoch, in one transaction. Chunks of the new versions
   * must be readable before.
   *
   * @return the state after it
   */
  public CollectionState publish(CollectionRef ref, Publication publication) {
    Instant now = clock.instant();
    return call(handle -> {
      CollectionState next = apply(state(ref), publication, now);
      handle.useTransaction(transaction -> write(transaction, ref, publication, now, next));
      states.put(ref, next);
      return next;
    });
  }

  /** Versions whose writing was cut off by a crash; their chunks must go from the index. */
  public Set<Long> abandonedVersions(CollectionRef ref) {
    return call(handle ->
        new HashSet<>(
            handle
                .createQuery(
                    "SELECT v.id FROM document_version v JOIN document d ON d.id = v.document_id"
                        + " JOIN collection c ON c.id = d.collection_id"
                        + " WHERE v.state = 'writing' AND c.tenant = ? AND c.name = ?")
                .bind(0, ref.tenant())
                .bind(1, ref.name())
                .mapTo(long.class)
                .list()));
  }

  /** Forgets versions that never became live. */
  public void forgetVersions(Set<Long> versions) {
    call(handle -> handle.inTransaction(transaction -> deleteVersions(transaction, versions)));
  }

  /** URLs of backends that an operator has taken out of use. */
  public Set<String> drainedBackends() {
    return call(handle ->
        new HashSet<>(
            handle.createQuery("SELECT url FROM drained_backend").mapTo(String.class).list()));
  }

  /** Takes a backend out of use, or back into it. */
  public void drainBackend(String url, boolean isDrained) {
    call(handle ->
        isDrained
            ? handle.execute(
                "INSERT INTO drained_backend (url, since) VALUES (?, ?) ON CONFLICT (url) DO NOTHING",
                url,
                clock.instant().toEpochMilli())
            : handle.execute("DELETE FROM drained_backend WHERE url = ?", url));
  }

  @Override
  public void close() {
    threads.close();
  }

  private static CollectionState apply(CollectionState state, Publication change, Instant now) {
    Map<Long, LiveDocument> byVersion = new HashMap<>(state.byVersion());
    Map<String, LiveDocument> byUri = new HashMap<>(state.byUri());
    Map<Long, Instant> dead = new HashMap<>(state.dead());
    for (LiveDocument document : change.live()) {
      LiveDocument before = byUri.put(document.uri(), document);
      // The same version again: the caller did not learn that its publish had gone through.
      if (before != null && before.version() != document.version()) {
        byVersion.remove(before.version());
        dead.put(before.version(), now);
      }
      byVersion.put(document.version(), document);
    }
    state.byUri().values().stream()
        .filter(document -> change.removedDocumentIds().contains(document.id()))
        .forEach(document -> {
          byUri.remove(document.uri());
          byVersion.remove(document.version());
          dead.put(document.version(), now);
        });
    dead.keySet().removeAll(change.purgedVersions());
    return new CollectionState(
        state.ref(),
        state.spec(),
        state.epoch() + 1,
        state.generation(),
        Map.copyOf(byVersion),
        Map.copyOf(byUri),
        Map.copyOf(dead));
  }

  private static void write(
      Handle handle, CollectionRef ref, Publication change, Instant now, CollectionState next) {
    var die =
        handle.prepareBatch(
            "UPDATE document_version SET state = 'dead', died_at = ? WHERE document_id = ? AND state = 'live'");
    change.live().forEach(document -> die.bind(0, now.toEpochMilli()).bind(1, document.id()).add());
    change.removedDocumentIds().forEach(id -> die.bind(0, now.toEpochMilli()).bind(1, id).add());
    if (die.size() > 0) {
      die.execute();
    }
    var live =
        handle.prepareBatch(
            "UPDATE document_version SET state = 'live', chunk_count = ?, title = ? WHERE id = ?");
    change
        .live()
        .forEach(document ->
            live.bind(0, document.chunkCount())
                .bind(1, document.title())
                .bind(2, document.version())
                .add());
    if (live.size() > 0) {
      live.execute();
    }
    deleteVersions(handle, change.purgedVersions());
    int rows =
        handle.execute(
            "UPDATE collection SET epoch = ? WHERE tenant = ? AND name = ? AND epoch = ?",
            next.epoch(),
            ref.tenant(),
            ref.name(),
            next.epoch() - 1);
    if (rows != 1) {
      throw new IllegalStateException(
          "epoch of %s: moved by somebody else (expected: %d)".formatted(ref, next.epoch() - 1));
    }
  }

  private static boolean deleteVersions(Handle handle, Set<Long> versions) {
    if (versions.isEmpty()) {
      return false;
    }
    var delete = handle.prepareBatch("DELETE FROM document_version WHERE id = ?");
    versions.forEach(version -> delete.bind(0, version).add());
    delete.execute();
    handle.execute(
        "DELETE FROM document WHERE NOT EXISTS"
            + " (SELECT 1 FROM document_version v WHERE v.document_id = document.id)");
    return true;
  }

  private void loadStates(Handle handle) {
    record VersionRow(CollectionRef ref, LiveDocument document, boolean isLive, Instant diedAt) {}
    List<VersionRow> rows =
        handle
            .createQuery(
                "SELECT c.tenant, c.name, d.id, d.uri, v.title, v.content_hash, v.id AS version,"
                    + " v.chunk_count, v.state, coalesce(v.died_at, 0) AS died_at"
                    + " FROM document_version v JOIN document d ON d.id = v.document_id"
                    + " JOIN collection c ON c.id = d.collection_id WHERE v.state <> 'writing'")
            .map((row, context) ->
                new VersionRow(
                    new CollectionRef(row.getString("tenant"), row.getString("name")),
                    new LiveDocument(
                        row.getString("id"),
                        row.getString("uri"),
                        row.getString("title"),
                        Hash.parse(row.getString("content_hash")),
                        row.getLong("version"),
                        row.getInt("chunk_count")),
                    "live".equals(row.getString("state")),
                    Instant.ofEpochMilli(row.getLong("died_at"))))
            .list();
    Map<CollectionRef, Map<Long, LiveDocument>> byVersion = new HashMap<>();
    Map<CollectionRef, Map<String, LiveDocument>> byUri = new HashMap<>();
    Map<CollectionRef, Map<Long, Instant>> dead = new HashMap<>();
    for (VersionRow row : rows) {
      LiveDocument document = row.document();
      if (row.isLive()) {
        byVersion
            .computeIfAbsent(row.ref(), r -> new HashMap<>())
            .put(document.version(), document);
        byUri.computeIfAbsent(row.ref(), r -> new HashMap<>()).put(document.uri(), document);
      } else {
        dead.computeIfAbsent(row.ref(), r -> new HashMap<>()).put(document.version(), row.diedAt());
      }
    }
    handle
        .createQuery(
            "SELECT tenant, name, language, embedder, dimension, epoch, generation FROM collection")
        .map((row, context) -> {
          CollectionRef ref = new CollectionRef(row.getString("tenant"), row.getString("name"));
          return new CollectionState(
              ref,
              new CollectionSpec(
                  row.getString("language"), row.getString("embedder"), row.getInt("dimension")),
              row.getLong("epoch"),
              row.getLong("generation"),
              Map.copyOf(byVersion.getOrDefault(ref, Map.of())),
              Map.copyOf(byUri.getOrDefault(ref, Map.of())),
              Map.copyOf(dead.getOrDefault(ref, Map.of())));
        })
        .list()
        .forEach(state -> states.put(state.ref(), state));
  }

  private <T> T call(HandleCallback<T, RuntimeException> work) {
    return threads.call(
        PlatformPool.Priority.BATCH,
        Deadline.after(Ticker.system(), CALL_TIMEOUT),
        () -> jdbi.withHandle(work));
  }
}

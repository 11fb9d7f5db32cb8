package dev.throng.catalog;

import dev.throng.catalog.CollectionState.Stage;
import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reads the states of collections. For a known collection, it reads only what has changed since.
 */
final class StateReader {
  /**
   * How long purges are recorded. A reader that is further behind reads everything again. Epochs
   * are times.
   */
  static final Duration PURGES_KEPT = Duration.ofHours(1);

  private static final String COLLECTIONS =
      "SELECT id, tenant, name, language, embedder, dimension, epoch, index_number, stage"
          + " FROM collection";

  private record Row(
      long id, CollectionRef ref, CollectionSpec spec, long epoch, long indexNumber, Stage stage) {}

  private record Version(LiveDocument document, boolean isLive, Instant diedAt) {}

  private StateReader() {}

  /**
   * The differences from the known states.
   *
   * @param gone states of collections that no longer have a row
   */
  record Changes(List<CollectionState> changed, Collection<CollectionState> gone) {
    boolean isEmpty() {
      return changed.isEmpty() && gone.isEmpty();
    }
  }

  /**
   * Returns all collections that differ from their known states.
   *
   * @param handle in a transaction with a single snapshot
   */
  static Changes changes(Handle handle, Map<CollectionRef, CollectionState> known) {
    List<CollectionState> changed = new ArrayList<>();
    Map<CollectionRef, CollectionState> gone = new HashMap<>(known);
    for (Row row : rows(handle.createQuery(COLLECTIONS))) {
      gone.remove(row.ref());
      CollectionState before = known.get(row.ref());
      if (before == null || before.epoch() != row.epoch()) {
        changed.add(read(handle, row, before));
      }
    }
    return new Changes(changed, gone.values());
  }

  /**
   * Reads one collection, whose row stays locked until the end of the transaction.
   *
   * @param forUpdate as {@link Database#forUpdate}
   * @param known its newest known state, or null
   * @return null when there is none
   */
  static @Nullable CollectionState locked(
      Handle handle, CollectionRef ref, String forUpdate, @Nullable CollectionState known) {
    List<Row> rows =
        rows(
            handle
                .createQuery(COLLECTIONS + " WHERE tenant = ? AND name = ?" + forUpdate)
                .bind(0, ref.tenant())
                .bind(1, ref.name()));
    if (rows.isEmpty()) {
      return null;
    }
    Row row = rows.getFirst();
    return known != null && known.epoch() == row.epoch() ? known : read(handle, row, known);
  }

  private static List<Row> rows(Query query) {
    return query
        .map((row, context) ->
            new Row(
                row.getLong("id"),
                new CollectionRef(row.getString("tenant"), row.getString("name")),
                new CollectionSpec(
                    row.getString("language"), row.getString("embedder"), row.getInt("dimension")),
                row.getLong("epoch"),
                row.getLong("index_number"),
                Stage.of(row.getString("stage"))))
        .list();
  }

  private static CollectionState read(Handle handle, Row row, @Nullable CollectionState known) {
    boolean isDelta =
        known != null
            && known.exists()
            && known.indexNumber()
                == row.indexNumber() // or it may be a new collection of that name
            && known.epoch() < row.epoch()
            && row.epoch() - known.epoch() < PURGES_KEPT.toMillis();
    CollectionState base = isDelta ? known : null;
    Map<Long, LiveDocument> byVersion =
        base == null ? new HashMap<>() : new HashMap<>(base.byVersion());
    Map<String, LiveDocument> byUri = base == null ? new HashMap<>() : new HashMap<>(base.byUri());
    Map<Long, Instant> dead = base == null ? new HashMap<>() : new HashMap<>(base.dead());
    long since = base == null ? -1 : base.epoch();
    Collection<Version> versions = versions(handle, row.id(), since);
    for (Version version : versions) {
      if (!version.isLive()) {
        LiveDocument gone = version.document();
        byVersion.remove(gone.version());
        byUri.computeIfPresent(
            gone.uri(), (uri, live) -> live.version() == gone.version() ? null : live);
        dead.put(gone.version(), version.diedAt());
      }
    }
    for (Version version : versions) {
      if (version.isLive()) {
        byVersion.put(version.document().version(), version.document());
        byUri.put(version.document().uri(), version.document());
      }
    }
    dead.keySet().removeAll(purged(handle, row.id(), since));
    if (row.stage() == Stage.DELETING || row.stage() == Stage.DELETED) {
      byVersion.clear();
      byUri.clear();
      dead.clear();
    }
    return new CollectionState(
        row.ref(),
        row.spec(),
        row.epoch(),
        row.indexNumber(),
        Map.copyOf(byVersion),
        Map.copyOf(byUri),
        Map.copyOf(dead),
        InvalidationRows.read(handle, row.id()),
        row.stage());
  }

  private static List<Version> versions(Handle handle, long collection, long sinceEpoch) {
    return handle
        .createQuery(
            "SELECT d.id, d.uri, v.title, v.content_hash, v.id AS version, v.chunk_count, v.state,"
                + " coalesce(v.died_at, 0) AS died_at, v.metadata, v.modified_at, v.origin"
                + " FROM document_version v JOIN document d ON d.id = v.document_id"
                + " WHERE d.collection_id = ? AND v.changed_epoch > ? AND v.state <> 'writing'")
        .bind(0, collection)
        .bind(1, sinceEpoch)
        .map((row, context) ->
            new Version(
                new LiveDocument(
                    row.getString("id"),
                    row.getString("uri"),
                    row.getString("title"),
                    Hash.parse(row.getString("content_hash")),
                    row.getLong("version"),
                    row.getInt("chunk_count"),
                    MetadataJson.parse(row.getString("metadata")),
                    time(row, "modified_at"),
                    Origin.of(row.getString("origin"))),
                "live".equals(row.getString("state")),
                Instant.ofEpochMilli(row.getLong("died_at"))))
        .list();
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  /** Returns the purged versions since an epoch. A complete read has no purged versions. */
  private static List<Long> purged(Handle handle, long collection, long sinceEpoch) {
    return sinceEpoch < 0
        ? List.of()
        : handle
            .createQuery("SELECT version FROM purged_version WHERE collection_id = ? AND epoch > ?")
            .bind(0, collection)
            .bind(1, sinceEpoch)
            .mapTo(long.class)
            .list();
  }
}

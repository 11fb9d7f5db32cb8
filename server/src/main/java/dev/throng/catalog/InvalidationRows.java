package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Reads and writes the invalidations of a collection as rows of the database. */
final class InvalidationRows {
  private static final String COLLECTION = "collection";
  private static final String DOCUMENT = "document";
  private static final String QUESTION = "question";
  private static final String PURGE = "purge";

  /**
   * A row of a collection.
   *
   * @param target the id of a document, or the hash of a question; the same word for every row of
   *     another kind, of which there is one at most
   */
  private record Row(String kind, String target, long epoch) {}

  private InvalidationRows() {}

  static Invalidations read(Handle handle, long collection) {
    long whole = 0;
    long purgedAt = 0;
    Map<String, Long> documents = new HashMap<>();
    Map<Hash, Long> questions = new HashMap<>();
    for (Row row : rows(handle, collection)) {
      switch (row.kind()) {
        case COLLECTION -> whole = row.epoch();
        case PURGE -> purgedAt = row.epoch();
        case DOCUMENT -> documents.put(row.target(), row.epoch());
        case QUESTION -> questions.put(Hash.parse(row.target()), row.epoch());
        default ->
            throw new IllegalStateException("invalidation.kind: \"%s\"".formatted(row.kind()));
      }
    }
    return new Invalidations(whole, Map.copyOf(documents), Map.copyOf(questions), purgedAt);
  }

  private static List<Row> rows(Handle handle, long collection) {
    return handle
        .createQuery("SELECT kind, target, epoch FROM invalidation WHERE collection_id = ?")
        .bind(0, collection)
        .map((row, context) ->
            new Row(row.getString("kind"), row.getString("target"), row.getLong("epoch")))
        .list();
  }

  private static List<Row> rows(Invalidations invalidations) {
    List<Row> rows = new ArrayList<>();
    if (invalidations.wholeEpoch() > 0) {
      rows.add(new Row(COLLECTION, "", invalidations.wholeEpoch()));
    }
    if (invalidations.purgedAt() > 0) {
      rows.add(new Row(PURGE, "purged", invalidations.purgedAt()));
    }
    invalidations.documents().forEach((id, epoch) -> rows.add(new Row(DOCUMENT, id, epoch)));
    invalidations
        .questions()
        .forEach((text, epoch) -> rows.add(new Row(QUESTION, text.hex(), epoch)));
    return rows;
  }

  /** Writes the newest invalidation, in a transaction that has locked the collection's row. */
  static void write(Handle handle, CollectionState next) {
    CollectionRef ref = next.ref();
    if (next.invalidations().isWholeBefore(next.epoch())) {
      handle.execute(
          "DELETE FROM invalidation WHERE kind <> 'purge' AND collection_id = " + CollectionRows.ID,
          ref.tenant(),
          ref.name());
    }
    List<Row> fresh =
        rows(next.invalidations()).stream().filter(row -> row.epoch() >= next.epoch()).toList();
    keep(handle, ref, fresh);
  }

  /** Restores entries that a database has lost. Newer entries in the database stay. */
  static void keep(Handle handle, CollectionRef ref, Invalidations invalidations) {
    keep(handle, ref, rows(invalidations));
  }

  private static void keep(Handle handle, CollectionRef ref, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    var keep =
        handle.prepareBatch(
            "INSERT INTO invalidation (collection_id, kind, target, epoch)"
                + " SELECT id, ?, ?, ? FROM collection WHERE tenant = ? AND name = ?"
                + " ON CONFLICT (collection_id, target) DO UPDATE SET epoch = excluded.epoch"
                + " WHERE invalidation.epoch < excluded.epoch");
    rows.forEach(row ->
        keep.bind(0, row.kind())
            .bind(1, row.target())
            .bind(2, row.epoch())
            .bind(3, ref.tenant())
            .bind(4, ref.name())
            .add());
    keep.execute();
  }

  /** Replaces the rows of a collection by those of its state. */
  static void replace(Handle handle, CollectionState state) {
    handle.execute(
        "DELETE FROM invalidation WHERE collection_id = " + CollectionRows.ID,
        state.ref().tenant(),
        state.ref().name());
    keep(handle, state.ref(), state.invalidations());
  }
}

package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * What users say about answers. The number of entries of a tenant is bounded: a new one replaces
 * the oldest.
 *
 * <p>Every method fails with CATALOG_UNAVAILABLE while the database is unavailable.
 */
public final class Feedback {
  /** What a user thinks of an answer. */
  public enum Rating {
    UP,
    DOWN;

    /** Returns the rating as clients see it. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What one user said about one answer.
   *
   * @param id by which it can be deleted
   * @param answerId the answer's id, as its client got it
   * @param question "" when the client did not repeat it
   * @param comment "" for none
   * @param documents ids of the documents that the answer was made from; empty when unknown
   * @param helpful ids of those that helped
   */
  public record Said(
      String id,
      String answerId,
      Rating rating,
      String question,
      String comment,
      List<String> documents,
      List<String> helpful) {}

  /**
   * An entry.
   *
   * @param number increases with each entry
   */
  public record Entry(long number, CollectionRef collection, Said said, Instant at) {}

  private final Database database;
  private final InstantSource clock;

  Feedback(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Adds an entry.
   *
   * @param maxOfTenant maximum number of entries of its tenant
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION
   */
  public void add(CollectionRef ref, Said said, int maxOfTenant) {
    int added =
        database.call(handle ->
            handle.inTransaction(transaction -> {
              int rows = insert(transaction, ref, said);
              transaction.execute(
                  "DELETE FROM feedback WHERE tenant = ? AND number <= (SELECT number FROM feedback"
                      + " WHERE tenant = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
                  ref.tenant(),
                  ref.tenant(),
                  maxOfTenant);
              return rows;
            }));
    if (added == 0) {
      throw CollectionRows.unknown(ref);
    }
  }

  private int insert(Handle transaction, CollectionRef ref, Said said) {
    return transaction.execute(
        "INSERT INTO feedback (id, tenant, collection_id, answer_id, rating, question, comment,"
            + " documents, helpful, created_at) SELECT ?, tenant, id, ?, ?, ?, ?, ?, ?, ?"
            + " FROM collection WHERE tenant = ? AND name = ? AND stage = 'live'",
        said.id(),
        said.answerId(),
        said.rating().code(),
        said.question(),
        said.comment(),
        String.join(" ", said.documents()),
        String.join(" ", said.helpful()),
        clock.millis(),
        ref.tenant(),
        ref.name());
  }

  /**
   * Returns entries of a tenant, the newest first.
   *
   * @param collection "" for all
   * @param before only entries with smaller numbers
   */
  public List<Entry> list(String tenant, String collection, long before, int limit) {
    return database.call(handle ->
        handle
            .createQuery(
                "SELECT f.*, c.name FROM feedback f JOIN collection c ON c.id = f.collection_id"
                    + " WHERE f.tenant = ? AND f.number < ? AND (? = '' OR c.name = ?)"
                    + " ORDER BY f.number DESC LIMIT ?")
            .bind(0, tenant)
            .bind(1, before)
            .bind(2, collection)
            .bind(3, collection)
            .bind(4, limit)
            .map((row, context) -> entry(row))
            .list());
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong("number"),
        new CollectionRef(row.getString("tenant"), row.getString("name")),
        new Said(
            row.getString("id"),
            row.getString("answer_id"),
            Rating.valueOf(row.getString("rating").toUpperCase(Locale.ROOT)),
            row.getString("question"),
            row.getString("comment"),
            ids(row.getString("documents")),
            ids(row.getString("helpful"))),
        Instant.ofEpochMilli(row.getLong("created_at")));
  }

  private static List<String> ids(String joined) {
    return joined.isEmpty() ? List.of() : List.of(joined.split(" ", -1));
  }

  /** Deletes an entry, and returns whether the tenant had it. */
  public boolean delete(String tenant, String id) {
    return database.call(handle ->
        handle.execute("DELETE FROM feedback WHERE tenant = ? AND id = ?", tenant, id))
        > 0;
  }

  /** Deletes entries that are older than a time. */
  public void forgetBefore(Instant time) {
    database.call(
        handle -> handle.execute("DELETE FROM feedback WHERE created_at < ?", time.toEpochMilli()));
  }

  /**
   * Deletes the entries of a collection that may quote a document that is not live: those that name
   * one, and those that name none at all.
   *
   * @param live ids of the live documents
   * @return how many
   */
  public int purge(CollectionRef ref, Set<String> live) {
    record Row(long number, List<String> documents) {}
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          List<Row> rows =
              transaction
                  .createQuery(
                      "SELECT number, documents FROM feedback WHERE collection_id = "
                          + CollectionRows.ID)
                  .bind(0, ref.tenant())
                  .bind(1, ref.name())
                  .map((row, context) ->
                      new Row(row.getLong("number"), ids(row.getString("documents"))))
                  .list();
          return rows.stream()
              .filter(row -> row.documents().isEmpty() || !live.containsAll(row.documents()))
              .mapToInt(
                  row -> transaction.execute("DELETE FROM feedback WHERE number = ?", row.number()))
              .sum();
        }));
  }
}

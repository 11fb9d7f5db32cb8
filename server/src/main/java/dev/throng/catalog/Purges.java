package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Purges what the catalogue holds of deleted documents and replaced versions: their rows, and then
 * the bytes of those rows.
 *
 * <p>What is removed is derived from what is live, never from a list of deletions. The steps can
 * therefore be interrupted anywhere: the next purge finds the rest.
 */
public final class Purges {
  /**
   * A job that is no longer needed: it has ended, and its document is gone. A job whose document is
   * live is needed if it made the live version. It is also needed if it is the last one that ended
   * without making a version, either to be retried, or because nothing had changed, until something
   * does. Of folders, all jobs that ended are not needed, because their details may name documents.
   */
  private static final String SPENT =
      " collection_id = "
          + CollectionRows.ID
          + " AND kind <> 'reindex' AND finished_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM document_version v"
          + " WHERE v.document_id = job.document_id AND v.state = 'live' AND (v.id = job.version"
          + " OR job.version = 0 AND (job.state <> 'done' OR v.changed_epoch <= job.finished_at)"
          + " AND NOT EXISTS (SELECT 1 FROM job later WHERE later.document_id = job.document_id"
          + " AND later.number > job.number AND later.finished_at IS NOT NULL)))";

  /** A job whose texts {@link #retireJobs} has removed. */
  private static final String RETIRED = " state = 'done' AND uri = '' AND" + SPENT;

  /**
   * The result of a purge.
   *
   * @param state the collection after it
   * @param versions number of versions that were not live, removed with their titles and metadata
   * @param jobs number of jobs that had ended
   */
  public record Removed(CollectionState state, int versions, int jobs) {}

  private final CollectionMoves moves;
  private final Database database;

  Purges(CollectionMoves moves, Database database) {
    this.moves = moves;
    this.database = database;
  }

  /**
   * Removes the texts about documents from jobs that are no longer needed, and ensures that none of
   * them is retried.
   */
  public void retireJobs(CollectionRef ref) {
    database.call(handle ->
        handle.execute(
            "UPDATE job SET state = 'done', worker = '', code = '', detail = '', uri = '', name = '',"
                + " title = NULL, metadata = '{}' WHERE"
                + SPENT,
            ref.tenant(),
            ref.name()));
  }

  /**
   * Returns the originals of the versions and of retired jobs, without those that are still needed.
   *
   * @param dead versions that are not live
   */
  public Set<String> originalsOf(CollectionRef ref, Set<Long> dead) {
    return database.call(handle -> {
      Set<String> keys =
          handle
              .createQuery("SELECT blob FROM job WHERE blob <> '' AND" + RETIRED)
              .bind(0, ref.tenant())
              .bind(1, ref.name())
              .mapTo(String.class)
              .collect(Collectors.toCollection(HashSet::new));
      var needed = new HashSet<String>();
      handle
          .createQuery("SELECT id, blob FROM document_version WHERE blob <> ''")
          .map((row, context) ->
              (dead.contains(row.getLong("id")) ? keys : needed).add(row.getString("blob")))
          .list();
      handle
          .createQuery("SELECT blob FROM job WHERE blob <> '' AND state <> 'done'")
          .mapTo(String.class)
          .forEach(needed::add);
      keys.removeAll(needed);
      return keys;
    });
  }

  /**
   * Removes the rows of versions whose chunks are gone, of documents without versions, of jobs that
   * are no longer needed and of their Idempotency-Keys, and marks the collection as purged. Returns
   * when every replica knows the new state.
   *
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public Removed remove(CollectionRef ref, Set<Long> versions) {
    int[] jobs = {0};
    int[] rows = {0};
    CollectionState state =
        moves
            .of(
                List.of(ref),
                (transaction, before, now) -> {
                  Set<Long> dead = new HashSet<>(versions);
                  dead.removeAll(before.byVersion().keySet());
                  Publication change = Publication.ofPurged(dead);
                  CollectionState after = marked(PublicationWriter.apply(before, change, now));
                  rows[0] = known(transaction, dead);
                  PublicationWriter.write(transaction, change, now, before, after);
                  InvalidationRows.replace(transaction, after);
                  jobs[0] = deleteJobs(transaction, ref);
                  return after;
                })
            .getFirst();
    return new Removed(state, rows[0], jobs[0]);
  }

  private static CollectionState marked(CollectionState state) {
    return new CollectionState(
        state.ref(),
        state.spec(),
        state.epoch(),
        state.indexNumber(),
        state.byVersion(),
        state.byUri(),
        state.dead(),
        state.invalidations().purged(state.epoch(), state.liveDocuments()),
        state.stage());
  }

  private static int known(Handle transaction, Set<Long> versions) {
    return (int)
        versions.stream()
            .filter(version ->
                transaction
                    .createQuery("SELECT 1 FROM document_version WHERE id = ?")
                    .bind(0, version)
                    .mapTo(int.class)
                    .findFirst()
                    .isPresent())
            .count();
  }

  private static int deleteJobs(Handle transaction, CollectionRef ref) {
    int jobs = transaction.execute("DELETE FROM job WHERE" + RETIRED, ref.tenant(), ref.name());
    deleteKeysWithoutJobs(transaction, ref.tenant());
    return jobs;
  }

  /** Deletes keys without jobs, because a repeated request would get an empty response. */
  static void deleteKeysWithoutJobs(Handle transaction, String tenant) {
    record Key(String key, String jobs) {}
    List<Key> keys =
        transaction
            .createQuery("SELECT key, jobs FROM idempotency_key WHERE tenant = ?")
            .bind(0, tenant)
            .map((row, context) -> new Key(row.getString("key"), row.getString("jobs")))
            .list();
    Set<String> left =
        transaction
            .createQuery("SELECT id FROM job WHERE tenant = ?")
            .bind(0, tenant)
            .mapTo(String.class)
            .collectIntoSet();
    keys.stream()
        .filter(key -> List.of(key.jobs().split(" ", -1)).stream().noneMatch(left::contains))
        .forEach(key ->
            transaction.execute(
                "DELETE FROM idempotency_key WHERE tenant = ? AND key = ?", tenant, key.key()));
  }

  /**
   * Passes every text and all bytes in the tables to {@code listener}.
   *
   * @return the number of rows
   */
  public long forEachText(Consumer<byte[]> listener) {
    return database.longRunning(
        handle -> StoredValues.forEachText(handle, database.isShared(), listener));
  }

  /**
   * Rewrites the files of the database, so that they contain no bytes of deleted rows. Other calls
   * wait for it.
   *
   * @return what may still contain such bytes, and until when; "" for nothing
   * @throws dev.throng.core.ThrongException CATALOG_UNAVAILABLE
   */
  public String rewriteFiles() {
    return database.rewriteFiles();
  }
}

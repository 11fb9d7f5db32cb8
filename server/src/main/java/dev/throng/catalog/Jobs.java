package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Listeners;
import dev.throng.core.ThrongException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue of acknowledged work, as clients see it. {@link JobClaims} has the operations
 * of the processes that do the work.
 *
 * <p>Every method fails with CATALOG_UNAVAILABLE while the database is unavailable. No job is lost
 * then.
 */
public final class Jobs {
  /** Longer than a lease, because clocks of replicas differ. */
  private static final Duration SETTLING_TIME = ReplicaLease.LEASE.multipliedBy(2);

  private static final String CANCEL =
      "UPDATE job SET state = 'cancelled', worker = '', finished_at = ? WHERE finished_at IS NULL";

  private final Database database;
  private final InstantSource clock;
  private final JobClaims claims;
  private final Listeners<Runnable> enqueues = new Listeners<>();

  /**
   * Creates the queue.
   *
   * @param workerIsGone a condition on a job's worker, with this process's id as its parameter
   */
  Jobs(Database database, InstantSource clock, String worker, String workerIsGone) {
    this.database = database;
    this.clock = clock;
    this.claims = new JobClaims(database, clock, worker, workerIsGone);
  }

  /**
   * Adds a listener for new jobs.
   *
   * @param notice called when this process has added a job
   */
  public void onEnqueue(Runnable notice) {
    enqueues.add(notice);
  }

  /**
   * Adds jobs, all or none. They are durable on return.
   *
   * @param key makes a repeated request return the same jobs; null for none
   * @param maxOpen maximum number of jobs of the tenant that wait or run
   * @return the jobs in their order: new ones, or those of the same request before
   * @throws ThrongException UNKNOWN_COLLECTION, QUOTA_EXCEEDED, QUEUE_FULL; IDEMPOTENCY_CONFLICT
   *     when the key was used with another request before
   */
  public List<Job> enqueue(
      CollectionRef ref,
      List<NewJob> jobs,
      @Nullable IdempotencyKey key,
      Quota quota,
      int maxOpen) {
    List<Job> enqueued =
        database.call(handle ->
            handle.inTransaction(transaction -> {
              List<String> ids =
                  key == null ? List.of() : IdempotencyRows.jobs(transaction, ref.tenant(), key);
              if (ids.isEmpty()) {
                CollectionRows.lock(transaction, ref, database.forUpdate());
                TenantUsage.check(transaction, ref.tenant(), jobs, quota, maxOpen);
                jobs.forEach(job -> JobRows.insert(transaction, ref, job, clock.instant()));
                ids = jobs.stream().map(NewJob::id).toList();
                if (key != null) {
                  IdempotencyRows.keep(transaction, ref.tenant(), key, ids, clock.millis());
                }
              }
              return ids.stream()
                  .flatMap(id -> find(transaction, ref.tenant(), id).stream())
                  .toList();
            }));
    if (enqueued.isEmpty()) {
      throw new ThrongException(
          ErrorCode.UNKNOWN_COLLECTION, "collection: \"%s\"".formatted(ref.name()));
    }
    enqueues.tell(Runnable::run);
    return enqueued;
  }

  /**
   * Returns what a request may contain, before any of it is stored.
   *
   * @param key the client's Idempotency-Key, or null; a repeated request is acknowledged again,
   *     regardless of the tenant's quota
   */
  public Allowance allowance(String tenant, @Nullable String key, Quota quota, int maxOpen) {
    return database.call(handle -> {
      boolean isRepeated = key != null && IdempotencyRows.isKnown(handle, tenant, key);
      return isRepeated ? Allowance.ANY : TenantUsage.allowance(handle, tenant, quota, maxOpen);
    });
  }

  /** Returns whether the leases of all replicas were renewed or have expired since a job ended. */
  public boolean isSettled(Job job) {
    Instant finishedAt = job.finishedAt();
    return finishedAt != null && clock.instant().isAfter(finishedAt.plus(SETTLING_TIME));
  }

  /**
   * Cancels an open job. What it has written never becomes visible.
   *
   * @return the job after it, or empty when the tenant has no job with that id
   */
  public Optional<Job> cancel(String tenant, String id) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          transaction.execute(CANCEL + " AND tenant = ? AND id = ?", clock.millis(), tenant, id);
          return find(transaction, tenant, id);
        }));
  }

  /** Cancels all open jobs of a document. */
  public void cancelOf(String documentId) {
    database.call(
        handle -> handle.execute(CANCEL + " AND document_id = ?", clock.millis(), documentId));
  }

  /**
   * Requeues a job that failed or was cancelled. Other jobs are not changed.
   *
   * @return the job after it, or empty when the tenant has no job with that id
   */
  public Optional<Job> retry(String tenant, String id) {
    Optional<Job> job =
        database.call(handle ->
            handle.inTransaction(transaction -> {
              transaction.execute(
                  "UPDATE job SET state = 'queued', code = '', detail = '', tries = 0,"
                      + " finished_at = NULL, not_before = 0"
                      + " WHERE state IN ('failed', 'cancelled') AND tenant = ? AND id = ?"
                      + " AND collection_id IN"
                      + " (SELECT id FROM collection WHERE stage IN ('new', 'live'))",
                  tenant,
                  id);
              return find(transaction, tenant, id);
            }));
    enqueues.tell(Runnable::run);
    return job;
  }

  public Optional<Job> find(String tenant, String id) {
    return database.call(handle -> find(handle, tenant, id));
  }

  private static Optional<Job> find(Handle handle, String tenant, String id) {
    return handle
        .createQuery(JobRows.SELECT + " WHERE j.tenant = ? AND j.id = ?")
        .bind(0, tenant)
        .bind(1, id)
        .map((row, context) -> JobRows.job(row))
        .findFirst();
  }

  /** Returns jobs of a tenant, the newest first. */
  public List<Job> list(String tenant, JobQuery query) {
    String states =
        query.states().isEmpty()
            ? ""
            : query.states().stream()
                .map(state -> "'" + state.code() + "'")
                .collect(Collectors.joining(", ", " AND j.state IN (", ")"));
    return database.call(handle ->
        handle
            .createQuery(
                JobRows.SELECT
                    + " WHERE j.tenant = ? AND j.number < ? AND (? = '' OR c.name = ?)"
                    + " AND (? = '' OR j.document_id = ?)"
                    + states
                    + " ORDER BY j.number DESC LIMIT ?")
            .bind(0, tenant)
            .bind(1, query.before())
            .bind(2, query.collection())
            .bind(3, query.collection())
            .bind(4, query.subject())
            .bind(5, query.subject())
            .bind(6, query.limit())
            .map((row, context) -> JobRows.job(row))
            .list());
  }

  /**
   * The jobs of all tenants that have not ended.
   *
   * @param oldestAge since the oldest was accepted
   */
  public record Open(int count, Duration oldestAge) {
    public static final Open NONE = new Open(0, Duration.ZERO);
  }

  /** Returns how many jobs have not ended, and how long the oldest has been open. */
  public Open open() {
    return database.call(handle ->
        handle
            .createQuery( // each of the two conditions has an index
                "SELECT sum(jobs) AS jobs, min(oldest) AS oldest FROM ("
                    + "SELECT count(*) AS jobs, min(created_at) AS oldest FROM job"
                    + " WHERE state = 'queued' UNION ALL "
                    + "SELECT count(*), min(created_at) FROM job WHERE "
                    + JobRows.RUNNING
                    + ") AS open")
            .map((row, context) -> open(row))
            .one());
  }

  private Open open(ResultSet row) throws SQLException {
    int count = row.getInt("jobs");
    long age = clock.millis() - row.getLong("oldest");
    return count == 0 ? Open.NONE : new Open(count, Duration.ofMillis(Math.max(0, age)));
  }

  /** Removes jobs that ended before a time, and Idempotency-Keys that were received before it. */
  public int forgetBefore(Instant time) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          IdempotencyRows.forgetBefore(transaction, time);
          return transaction.execute("DELETE FROM job WHERE finished_at < ?", time.toEpochMilli());
        }));
  }

  /** Returns the operations of the processes that work on jobs. */
  public JobClaims claims() {
    return claims;
  }

  /** Returns the originals that jobs refer to. */
  public JobOriginals originals() {
    return new JobOriginals(database);
  }
}

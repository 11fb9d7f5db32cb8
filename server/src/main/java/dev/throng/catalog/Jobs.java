package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue of acknowledged work. Any process that uses the catalogue may claim a job, and
 * a process that dies loses its claims to others. Jobs of one document run one after another, in
 * order of arrival.
 *
 * <p>Every method fails with CATALOG_UNAVAILABLE while the database is unavailable. No job is lost
 * then.
 */
public final class Jobs {
  /** Longer than a lease, because clocks of replicas differ. */
  private static final Duration SETTLING_TIME = ReplicaLease.LEASE.multipliedBy(2);

  /** Number of unexpected failures after which a document is abandoned. */
  public static final int MAX_TRIES = 3;

  /**
   * Crashes after which a document is abandoned, counted while it was processed alone. Random kills
   * hit the same document three times in a row once in a few hundred kills.
   */
  static final int MAX_DEATHS = 5;

  /** Longest plausible delay of a job. A longer one comes from a wrong clock. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private static final String CANCEL =
      "UPDATE job SET state = 'cancelled', worker = '', finished_at = ? WHERE finished_at IS NULL";

  private final Database database;
  private final InstantSource clock;
  private final String worker;
  private final String workerIsGone;
  private volatile Runnable onEnqueue = () -> {};

  /**
   * Creates the queue.
   *
   * @param workerIsGone a condition on a job's worker, with this process's id as its parameter
   */
  Jobs(Database database, InstantSource clock, String worker, String workerIsGone) {
    this.database = database;
    this.clock = clock;
    this.worker = worker;
    this.workerIsGone = workerIsGone;
  }

  /**
   * Sets the listener for new jobs.
   *
   * @param notice called when this process has added a job
   */
  public void onEnqueue(Runnable notice) {
    onEnqueue = notice;
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
    onEnqueue.run();
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
   * Takes the next runnable job: the oldest one of the next tenant in turn after {@code
   * afterTenant}.
   *
   * @param afterTenant the tenant of the last job; "" at first
   */
  public Optional<ClaimedJob> claim(String afterTenant) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          List<String> tenants = tenantsInTurn(transaction, afterTenant);
          return tenants.stream()
              .flatMap(tenant -> claimOf(transaction, tenant).stream())
              .findFirst();
        }));
  }

  private static List<String> tenantsInTurn(Handle transaction, String after) {
    return transaction
        .createQuery("SELECT DISTINCT tenant FROM job WHERE state = 'queued'")
        .mapTo(String.class)
        .stream()
        .sorted(
            Comparator.comparing((String tenant) -> tenant.compareTo(after) <= 0)
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private Optional<ClaimedJob> claimOf(Handle transaction, String tenant) {
    long now = clock.millis();
    return transaction
        .createQuery(
            JobRows.SELECT
                + " WHERE j.state = 'queued' AND j.tenant = ? AND (j.not_before <= ? OR j.not_before > ?)"
                + " AND (j.document_id = '' OR NOT EXISTS (SELECT 1 FROM job earlier"
                + " WHERE earlier.document_id = j.document_id AND earlier.number < j.number"
                + " AND earlier.finished_at IS NULL))"
                + " ORDER BY j.number LIMIT 1"
                + database.forUpdateUnclaimed())
        .bind(0, tenant)
        .bind(1, now)
        .bind(2, now + LONGEST_WAIT.toMillis())
        .map((row, context) -> row.getLong("number"))
        .findFirst()
        .map(number -> take(transaction, number));
  }

  private ClaimedJob take(Handle transaction, long number) {
    transaction.execute(
        "UPDATE job SET state = 'parsing', worker = ?, claim = claim + 1, code = '', detail = '',"
            + " pages = 0, chunks = 0, chunks_total = 0, started_at = coalesce(started_at, ?)"
            + " WHERE number = ?",
        worker,
        clock.millis(),
        number);
    return transaction
        .createQuery(JobRows.SELECT + " WHERE j.number = ?")
        .bind(0, number)
        .map((row, context) -> JobRows.claimed(row))
        .one();
  }

  /**
   * Records the progress of a job.
   *
   * @return whether the claim still holds; otherwise the work is wasted
   */
  public boolean note(JobClaim claim, JobProgress progress) {
    return database.call(handle ->
        handle.execute(
                "UPDATE job SET state = ?, pages = ?, chunks = ?, chunks_total = ?"
                    + " WHERE number = ? AND claim = ? AND "
                    + JobRows.RUNNING,
                progress.state().code(),
                progress.pages(),
                progress.chunks(),
                progress.chunksTotal(),
                claim.number(),
                claim.claim())
            == 1);
  }

  /** Stores a warning about omitted parts of the document, which is reported with the job. */
  public void warn(JobClaim claim, String words) {
    database.call(handle ->
        handle.execute(
            "UPDATE job SET detail = ? WHERE number = ? AND claim = ? AND " + JobRows.RUNNING,
            words,
            claim.number(),
            claim.claim()));
  }

  /** Ends a job as done that had nothing of its own to publish. */
  public void finish(JobClaim claim, JobProgress progress, String detail) {
    end(claim, progress.in(JobState.DONE), "", detail);
  }

  /** Ends a job as failed, until a client requests a retry. */
  public void fail(JobClaim claim, JobProgress progress, ErrorCode code, String detail) {
    end(claim, progress.in(JobState.FAILED), code.code(), detail);
  }

  private void end(JobClaim claim, JobProgress progress, String code, String detail) {
    database.call(handle ->
        handle.execute(
            "UPDATE job SET state = ?, pages = ?, chunks = ?, chunks_total = ?, code = ?, detail = ?,"
                + " worker = '', finished_at = ? WHERE number = ? AND claim = ? AND "
                + JobRows.RUNNING,
            progress.state().code(),
            progress.pages(),
            progress.chunks(),
            progress.chunksTotal(),
            code,
            detail,
            clock.millis(),
            claim.number(),
            claim.claim()));
  }

  /**
   * Releases a claim, so that the job is done later.
   *
   * @param code why it has to wait
   * @param isTry whether this counts as a try of the job
   */
  public void retryLater(
      JobClaim claim, ErrorCode code, String detail, Instant notBefore, boolean isTry) {
    database.call(handle ->
        handle.execute(
            "UPDATE job SET state = 'queued', worker = '', code = ?, detail = ?, not_before = ?,"
                + " tries = tries + ? WHERE number = ? AND claim = ? AND "
                + JobRows.RUNNING,
            code.code(),
            detail,
            notBefore.toEpochMilli(),
            isTry ? 1 : 0,
            claim.number(),
            claim.claim()));
  }

  /** Releases all claims of this process, which is about to end. */
  public void releaseAll() {
    database.call(handle ->
        handle.execute(
            "UPDATE job SET state = 'queued', worker = '' WHERE worker = ? AND " + JobRows.RUNNING,
            worker));
  }

  /**
   * Requeues jobs of processes that have died. A job may have been running by chance when its
   * process died, so it runs alone the next time. If the process then dies in a step that it
   * executes itself, that counts against the job. Parsing is not such a step, because parsers run
   * in processes of their own.
   *
   * @return the number of requeued jobs
   */
  public int takeBack() {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          transaction.execute(
              "UPDATE job SET state = 'failed', worker = '', code = ?, finished_at = ?, detail ="
                  + " 'the server died each time it processed this document alone'"
                  + " WHERE is_suspect AND state IN ('chunking', 'embedding') AND tries >= ? AND "
                  + JobRows.RUNNING
                  + " AND "
                  + workerIsGone,
              ErrorCode.DOCUMENT_GIVEN_UP.code(),
              clock.millis(),
              MAX_DEATHS - 1,
              worker);
          return transaction.execute(
              "UPDATE job SET state = 'queued', worker = '',"
                  + " is_suspect = kind = 'document' AND state <> 'publishing',"
                  + " tries = tries + CASE WHEN is_suspect AND state IN ('chunking', 'embedding')"
                  + " THEN 1 ELSE 0 END"
                  + " WHERE "
                  + JobRows.RUNNING
                  + " AND "
                  + workerIsGone,
              worker);
        }));
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
    onEnqueue.run();
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

  /** Returns how many jobs of all tenants have not ended. */
  public int open() {
    return database.call(handle ->
        handle
            .createQuery(
                "SELECT (SELECT count(*) FROM job WHERE state = 'queued')"
                    + " + (SELECT count(*) FROM job WHERE "
                    + JobRows.RUNNING
                    + ")") // each of the two conditions has an index
            .mapTo(int.class)
            .one());
  }

  /** Removes jobs that ended before a time, and Idempotency-Keys that were received before it. */
  public int forgetBefore(Instant time) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          IdempotencyRows.forgetBefore(transaction, time);
          return transaction.execute("DELETE FROM job WHERE finished_at < ?", time.toEpochMilli());
        }));
  }

  /** Returns the originals that jobs refer to. */
  public JobOriginals originals() {
    return new JobOriginals(database);
  }
}

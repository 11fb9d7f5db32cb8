package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The claims of processes on {@link Jobs}. Any process that uses the catalogue may claim a job, and
 * a process that dies loses its claims to others. Jobs of one document run one after another, in
 * order of arrival.
 *
 * <p>Every method fails with CATALOG_UNAVAILABLE while the database is unavailable. No job is lost
 * then.
 */
public final class JobClaims {
  /** Number of unexpected failures after which a document is abandoned. */
  public static final int MAX_TRIES = 3;

  /**
   * Crashes after which a document is abandoned, counted while it was processed alone. Random kills
   * hit the same document three times in a row once in a few hundred kills.
   */
  static final int MAX_DEATHS = 5;

  /** Longest plausible delay of a job. A longer one comes from a wrong clock. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final Database database;
  private final InstantSource clock;
  private final String worker;
  private final String workerIsGone;

  /**
   * Creates the claims.
   *
   * @param worker the id of this process
   * @param workerIsGone a condition on a job's worker, with this process's id as its parameter
   */
  JobClaims(Database database, InstantSource clock, String worker, String workerIsGone) {
    this.database = database;
    this.clock = clock;
    this.worker = worker;
    this.workerIsGone = workerIsGone;
  }

  /**
   * Claims the next runnable job: the oldest one of the next tenant in turn after {@code
   * afterTenant}.
   *
   * @param afterTenant the tenant of the last job; "" at first
   */
  public Optional<ClaimedJob> claimNext(String afterTenant) {
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

  /** Ends a job as done, for one that had nothing to publish. */
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
  public int requeueOrphaned() {
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
}

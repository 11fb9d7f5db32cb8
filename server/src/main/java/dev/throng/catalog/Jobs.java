package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue of what was acknowledged. Any process that uses the catalogue may claim a job;
 * one that dies loses its claims to others. Jobs of one document run one after the other, in the
 * order in which they came.
 *
 * <p>Every method fails with CATALOG_UNAVAILABLE while the database is away; nothing is lost then.
 */
public final class Jobs {
  /** More than a lease, because clocks of replicas differ. */
  private static final Duration SETTLING_TIME = ReplicaLease.LEASE.multipliedBy(2);

  /** A document that failed unexpectedly so often is given up. */
  public static final int MAX_TRIES = 3;

  /**
   * Crashes after which a document is abandoned, counted while it was worked on alone. Random kills
   * hit the same document three times in a row once in a few hundred kills.
   */
  static final int MAX_DEATHS = 5;

  /** What is to wait longer was put back by a clock that was wrong, or this one is. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private static final String CANCEL =
      "UPDATE job SET state = 'cancelled', worker = '', finished_at = ? WHERE finished_at IS NULL";

  private final Database database;
  private final InstantSource clock;
  private final String worker;
  private final String workerIsGone;
  private volatile Runnable onEnqueue = () -> {};

  /**
   * @param workerIsGone a condition on a job's worker, with this process's id as its parameter
   */
  Jobs(Database database, InstantSource clock, String worker, String workerIsGone) {
    this.database = database;
    this.clock = clock;
    this.worker = worker;
    this.workerIsGone = workerIsGone;
  }

  /**
   * @param notice called when this process has added a job
   */
  public void onEnqueue(Runnable notice) {
    onEnqueue = notice;
  }

  /**
   * Adds jobs, all or none; they are durable on return.
   *
   * @param key makes the same request again give the same jobs; null for none
   * @param maxOpen jobs of the tenant that may wait or run at once
   * @return the jobs in their order: new ones, or those of the same request before
   * @throws ThrongException UNKNOWN_COLLECTION, QUOTA_EXCEEDED, QUEUE_FULL; IDEMPOTENCY_CONFLICT
   *     when the key came with something else before
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
              List<String> ids = key == null ? List.of() : idsOf(transaction, ref.tenant(), key);
              if (ids.isEmpty()) {
                CollectionRows.lock(transaction, ref, database.forUpdate());
                TenantUsage.check(transaction, ref.tenant(), jobs, quota, maxOpen);
                jobs.forEach(job -> JobRows.insert(transaction, ref, job, clock.instant()));
                ids = jobs.stream().map(NewJob::id).toList();
                if (key != null) {
                  keep(transaction, ref.tenant(), key, ids);
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
   * What a request may bring, before any of it is kept.
   *
   * @param key the client's name for the request, or null; what came with it before is acknowledged
   *     again, whatever the tenant has
   */
  public Allowance allowance(String tenant, @Nullable String key, Quota quota, int maxOpen) {
    return database.call(handle -> {
      boolean isRepeated =
          key != null
              && handle
                  .createQuery("SELECT 1 FROM idempotency_key WHERE tenant = ? AND key = ?")
                  .bind(0, tenant)
                  .bind(1, key)
                  .mapTo(int.class)
                  .findOne()
                  .isPresent();
      return isRepeated ? Allowance.ANY : TenantUsage.allowance(handle, tenant, quota, maxOpen);
    });
  }

  /** Whether the leases of all replicas have been renewed, or have run out, since a job ended. */
  public boolean isSettled(Job job) {
    Instant finishedAt = job.finishedAt();
    return finishedAt != null && clock.instant().isAfter(finishedAt.plus(SETTLING_TIME));
  }

  private static List<String> idsOf(Handle transaction, String tenant, IdempotencyKey key) {
    record Known(String request, String jobs) {}
    List<Known> known =
        transaction
            .createQuery("SELECT request, jobs FROM idempotency_key WHERE tenant = ? AND key = ?")
            .bind(0, tenant)
            .bind(1, key.key())
            .map((row, context) -> new Known(row.getString("request"), row.getString("jobs")))
            .list();
    if (known.isEmpty()) {
      return List.of();
    }
    if (!Hash.parse(known.getFirst().request()).equals(key.request())) {
      throw new ThrongException(
          ErrorCode.IDEMPOTENCY_CONFLICT,
          "Idempotency-Key: \"%s\" was sent with another request before".formatted(key.key()));
    }
    return Arrays.asList(known.getFirst().jobs().split(" ", -1));
  }

  private void keep(Handle transaction, String tenant, IdempotencyKey key, List<String> ids) {
    transaction.execute(
        "INSERT INTO idempotency_key (tenant, key, request, jobs, created_at) VALUES (?, ?, ?, ?, ?)",
        tenant,
        key.key(),
        key.request().hex(),
        String.join(" ", ids),
        clock.millis());
  }

  /**
   * Takes the next job that may run: of the next tenant behind {@code afterTenant} in turn, its
   * oldest one.
   *
   * @param afterTenant whose turn was last; "" at first
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
   * Notes how far a job is.
   *
   * @return whether the claim still holds; otherwise the work is in vain
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

  /** Keeps what of the document is left out, to be read beside the job's state. */
  public void warn(JobClaim claim, String words) {
    database.call(handle ->
        handle.execute(
            "UPDATE job SET detail = ? WHERE number = ? AND claim = ? AND " + JobRows.RUNNING,
            words,
            claim.number(),
            claim.claim()));
  }

  /** Ends a job as done that had nothing to publish of its own. */
  public void finish(JobClaim claim, JobProgress progress, String detail) {
    end(claim, progress.in(JobState.DONE), "", detail);
  }

  /** Ends a job for good, until a client asks for another try. */
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
   * Gives a claim back; the job is done later.
   *
   * @param code why it has to wait
   * @param isTry whether it counts as a try of the job's own
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

  /** Gives all claims of this process back, which is about to end. */
  public void releaseAll() {
    database.call(handle ->
        handle.execute(
            "UPDATE job SET state = 'queued', worker = '' WHERE worker = ? AND " + JobRows.RUNNING,
            worker));
  }

  /**
   * Takes jobs back from processes that are gone. A job may just have been there when its process
   * died; so it runs alone the next time, and what dies then in one of the steps that this process
   * does itself counts as its own fault. Parsing is not one of them: parsers have their own.
   *
   * @return how many there were
   */
  public int takeBack() {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          transaction.execute(
              "UPDATE job SET state = 'failed', worker = '', code = ?, finished_at = ?, detail ="
                  + " 'the server died each time that it worked on this document alone'"
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
   * Ends an open job; what it has written never becomes visible.
   *
   * @return the job as it is then, or empty when the tenant has none of that id
   */
  public Optional<Job> cancel(String tenant, String id) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          transaction.execute(CANCEL + " AND tenant = ? AND id = ?", clock.millis(), tenant, id);
          return find(transaction, tenant, id);
        }));
  }

  /** Ends all open jobs of a document. */
  public void cancelOf(String documentId) {
    database.call(
        handle -> handle.execute(CANCEL + " AND document_id = ?", clock.millis(), documentId));
  }

  /**
   * Requeues a job that failed or was cancelled; others are left as they are.
   *
   * @return the job as it is then, or empty when the tenant has none of that id
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

  /** Jobs of a tenant, the newest first. */
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
            .bind(4, query.documentId())
            .bind(5, query.documentId())
            .bind(6, query.limit())
            .map((row, context) -> JobRows.job(row))
            .list());
  }

  /** How many jobs of all tenants have not ended. */
  public int open() {
    return database.call(handle ->
        handle
            .createQuery(
                "SELECT (SELECT count(*) FROM job WHERE state = 'queued')"
                    + " + (SELECT count(*) FROM job WHERE "
                    + JobRows.RUNNING
                    + ")") // each has an index; all that have not ended have none
            .mapTo(int.class)
            .one());
  }

  /** Forgets jobs that ended before a time, and Idempotency-Keys that came before it. */
  public int forgetBefore(Instant time) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          transaction.execute(
              "DELETE FROM idempotency_key WHERE created_at < ?", time.toEpochMilli());
          return transaction.execute("DELETE FROM job WHERE finished_at < ?", time.toEpochMilli());
        }));
  }

  /** Originals of documents that are done and do not need them, or are gone. */
  public Set<String> spentBlobs() {
    return database.call(handle ->
        handle
            .createQuery(
                "SELECT blob FROM job WHERE state = 'done' AND blob <> '' AND NOT EXISTS"
                    + " (SELECT 1 FROM document_version v WHERE v.blob = job.blob)"
                    + " EXCEPT SELECT blob FROM job WHERE state <> 'done' AND blob <> ''")
            .mapTo(String.class)
            .collectIntoSet());
  }

  /** Notes that originals are deleted. */
  public void forgetBlobs(Set<String> keys) {
    database.call(handle -> {
      var forget =
          handle.prepareBatch("UPDATE job SET blob = '' WHERE state = 'done' AND blob = ?");
      keys.forEach(key -> forget.bind(0, key).add());
      return keys.isEmpty() ? new int[0] : forget.execute();
    });
  }

  /**
   * Those of {@code keys} that nothing needs: no version of a document, and no job that could run.
   */
  public Set<String> unneeded(Set<String> keys) {
    return database.call(handle -> {
      Set<String> unneeded = new HashSet<>(keys);
      handle
          .createQuery(
              "SELECT blob FROM document_version WHERE blob <> '' UNION"
                  + " SELECT blob FROM job WHERE blob <> '' AND state <> 'done'")
          .mapTo(String.class)
          .forEach(unneeded::remove);
      return unneeded;
    });
  }
}

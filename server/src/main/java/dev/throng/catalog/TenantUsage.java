package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The usage of a tenant, compared with its limits. */
final class TenantUsage {
  private static final String VERSIONS =
      " FROM document_version v JOIN document d ON d.id = v.document_id"
          + " JOIN collection c ON c.id = d.collection_id WHERE c.tenant = ? AND v.state = 'live'";

  /**
   * Rows of deleted collections are kept for a while. This limit prevents a tenant from
   * accumulating them.
   */
  private static final long ROWS_PER_COLLECTION = 10;

  private TenantUsage() {}

  /**
   * Checks that jobs may be added.
   *
   * @throws ThrongException QUEUE_FULL, QUOTA_EXCEEDED
   */
  static void check(
      Handle transaction, String tenant, List<NewJob> jobs, Quota quota, int maxOpen) {
    long open = open(transaction, tenant);
    if (open + jobs.size() > maxOpen) {
      throw ThrongException.queueFull(
          "%d documents are waiting to be ingested (expected: at most %d)"
              .formatted(open, maxOpen));
    }
    if (quota.documents() > 0) {
      check("ingest.quota_documents", documents(transaction, tenant, jobs), quota.documents());
    }
    if (quota.bytes() > 0) {
      check("ingest.quota_bytes", bytes(transaction, tenant, jobs), quota.bytes());
    }
    if (quota.chunks() > 0) {
      long chunks =
          number(transaction, "SELECT coalesce(sum(v.chunk_count), 0)" + VERSIONS, tenant);
      check("ingest.quota_chunks", chunks, quota.chunks());
    }
  }

  /**
   * Checks that a collection exists, or may be created.
   *
   * @throws ThrongException QUOTA_EXCEEDED
   */
  static void checkCollections(Handle transaction, CollectionRef ref, int max) {
    if (collections(transaction, ref, " AND name = ? AND stage IN ('new', 'live')") > 0) {
      return;
    }
    String others = " AND name <> ?";
    long existing = collections(transaction, ref, others + " AND stage IN ('new', 'live')");
    check("ingest.max_collections", existing + 1, max);
    long known = collections(transaction, ref, others);
    check(
        "ten times ingest.max_collections, including recently deleted ones",
        known + 1,
        ROWS_PER_COLLECTION * max);
  }

  private static long collections(Handle transaction, CollectionRef ref, String condition) {
    return transaction
        .createQuery("SELECT count(*) FROM collection WHERE tenant = ?" + condition)
        .bind(0, ref.tenant())
        .bind(1, ref.name())
        .mapTo(long.class)
        .one();
  }

  /** Returns what a request that has not started yet may contain. */
  static Allowance allowance(Handle transaction, String tenant, Quota quota, int maxOpen) {
    return new Allowance(
        maxOpen - open(transaction, tenant),
        quota.documents() > 0 ? quota.documents() : Long.MAX_VALUE,
        quota.bytes() > 0 ? quota.bytes() - bytes(transaction, tenant, List.of()) : Long.MAX_VALUE);
  }

  private static long open(Handle transaction, String tenant) {
    return number(
        transaction, "SELECT count(*) FROM job WHERE tenant = ? AND finished_at IS NULL", tenant);
  }

  private static long documents(Handle transaction, String tenant, List<NewJob> jobs) {
    String known =
        "SELECT d.id"
            + VERSIONS
            + " UNION SELECT document_id FROM job"
            + " WHERE tenant = ? AND finished_at IS NULL AND kind = 'document'";
    Set<String> ids =
        new HashSet<>(
            transaction
                .createQuery(known)
                .bind(0, tenant)
                .bind(1, tenant)
                .mapTo(String.class)
                .list());
    documents(jobs).forEach(document -> ids.add(document.documentId()));
    return ids.size();
  }

  private static long bytes(Handle transaction, String tenant, List<NewJob> jobs) {
    return number(transaction, "SELECT coalesce(sum(v.bytes), 0)" + VERSIONS, tenant)
        + number(
            transaction,
            "SELECT coalesce(sum(bytes), 0) FROM job WHERE tenant = ? AND finished_at IS NULL",
            tenant)
        + documents(jobs).mapToLong(document -> document.source().blob().bytes()).sum();
  }

  private static Stream<JobSpec.Document> documents(List<NewJob> jobs) {
    return jobs.stream()
        .map(NewJob::spec)
        .filter(JobSpec.Document.class::isInstance)
        .map(JobSpec.Document.class::cast);
  }

  private static long number(Handle transaction, String sql, String tenant) {
    return transaction.createQuery(sql).bind(0, tenant).mapTo(long.class).one();
  }

  private static void check(String setting, long wanted, long allowed) {
    if (wanted > allowed) {
      throw new ThrongException(
          ErrorCode.QUOTA_EXCEEDED,
          "%s: %d with this request (expected: at most %d)".formatted(setting, wanted, allowed));
    }
  }
}

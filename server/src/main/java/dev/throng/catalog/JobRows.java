package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads and writes jobs as rows of the database. */
final class JobRows {
  /** Selects a job's complete row, with the name of its collection. */
  static final String SELECT =
      "SELECT j.*, c.name AS collection FROM job j JOIN collection c ON c.id = j.collection_id";

  /** The condition that a process is working on the job. */
  static final String RUNNING = "finished_at IS NULL AND state <> 'queued'";

  private JobRows() {}

  static Job job(ResultSet row) throws SQLException {
    JobState state = JobState.of(row.getString("state")).orElseThrow();
    return new Job(
        row.getLong("number"),
        row.getString("id"),
        new CollectionRef(row.getString("tenant"), row.getString("collection")),
        spec(row),
        new JobProgress(
            state, row.getInt("pages"), row.getInt("chunks"), row.getInt("chunks_total")),
        row.getString("code"),
        row.getString("detail"),
        row.getInt("tries"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        instant(row, "started_at"),
        instant(row, "finished_at"));
  }

  private static JobSpec spec(ResultSet row) throws SQLException {
    String kind = row.getString("kind");
    return switch (kind) {
      case JobSpec.Document.KIND ->
          new JobSpec.Document(
              row.getString("document_id"), source(row), row.getBoolean("is_restored"));
      case JobSpec.Sync.KIND -> new JobSpec.Sync(Path.of(row.getString("uri")));
      case JobSpec.Mirror.KIND -> new JobSpec.Mirror(Path.of(row.getString("uri")));
      case JobSpec.Reindex.KIND -> new JobSpec.Reindex(row.getLong("index_number"));
      default -> throw new IllegalStateException("job.kind: \"%s\"".formatted(kind));
    };
  }

  private static DocumentSource source(ResultSet row) throws SQLException {
    return new DocumentSource(
        row.getString("uri"),
        row.getString("name"),
        row.getString("title"),
        MetadataJson.parse(row.getString("metadata")),
        instant(row, "modified_at"),
        new Blob(
            row.getString("blob"), row.getLong("bytes"), Hash.parse(row.getString("content"))));
  }

  /** The columns that depend on the kind. A kind leaves those empty that it does not have. */
  private record Columns(DocumentSource source, long indexNumber, boolean isRestored) {
    static Columns of(JobSpec spec) {
      return switch (spec) {
        case JobSpec.Document document -> new Columns(document.source(), 0, document.isRestored());
        case JobSpec.Sync sync -> new Columns(at(sync.folder().toString()), 0, false);
        case JobSpec.Mirror mirror -> new Columns(at(mirror.folder().toString()), 0, false);
        case JobSpec.Reindex reindex -> new Columns(at(""), reindex.indexNumber(), false);
      };
    }

    private static DocumentSource at(String uri) {
      return new DocumentSource(uri, "", null, Metadata.NONE, null, Blob.NONE);
    }
  }

  static ClaimedJob claimed(ResultSet row) throws SQLException {
    Job job = job(row);
    return new ClaimedJob(
        job, new JobClaim(job.number(), row.getLong("claim")), row.getBoolean("is_suspect"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  /** Returns whether a document has a job that has not ended. */
  static boolean isOpenFor(Handle handle, String documentId) {
    return handle
        .createQuery("SELECT 1 FROM job WHERE document_id = ? AND finished_at IS NULL LIMIT 1")
        .bind(0, documentId)
        .mapTo(int.class)
        .findFirst()
        .isPresent();
  }

  /** Adds a job to the queue. */
  static void insert(Handle transaction, CollectionRef ref, NewJob job, Instant now) {
    Columns columns = Columns.of(job.spec());
    DocumentSource source = columns.source();
    transaction
        .createUpdate(
            "INSERT INTO job (id, tenant, collection_id, kind, document_id, uri, name, title, blob,"
                + " bytes, content, state, created_at, metadata, modified_at, index_number, is_restored)"
                + " SELECT ?, tenant, id, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?"
                + " FROM collection WHERE tenant = ? AND name = ? AND stage IN ('new', 'live')")
        .bind(0, job.id())
        .bind(1, job.spec().kind())
        .bind(2, job.spec().subject(ref))
        .bind(3, source.uri())
        .bind(4, source.name())
        .bind(5, source.title())
        .bind(6, source.blob().key())
        .bind(7, source.blob().bytes())
        .bind(8, source.blob().content().hex())
        .bind(9, now.toEpochMilli())
        .bind(10, MetadataJson.text(source.metadata()))
        .bind(11, Epochs.millis(source.modifiedAt()))
        .bind(12, columns.indexNumber())
        .bind(13, columns.isRestored())
        .bind(14, ref.tenant())
        .bind(15, ref.name())
        .execute();
  }

  /**
   * Ends the jobs whose versions are published, in the publish's own transaction. Doing this again
   * for a version that was already published changes nothing. The detail about the document stays.
   *
   * @return whether the claim still holds; otherwise the version must be discarded
   */
  static boolean finish(Handle transaction, JobClaim claim, LiveDocument document, Instant now) {
    return transaction.execute(
            "UPDATE job SET state = 'done', code = '', chunks = ?, chunks_total = ?,"
                + " version = ?, finished_at = coalesce(finished_at, ?)"
                + " WHERE number = ? AND claim = ? AND ("
                + RUNNING
                + " OR state = 'done' AND version = ?)",
            document.chunkCount(),
            document.chunkCount(),
            document.version(),
            now.toEpochMilli(),
            claim.number(),
            claim.claim(),
            document.version())
        == 1;
  }
}

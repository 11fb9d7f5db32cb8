package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledged work: ingesting a document, reading a folder of the server, or building another
 * index of a collection.
 *
 * @param number increases with the time of arrival
 * @param documentId the document it is about, or the collection that is reindexed; "" for a folder.
 *     Jobs with the same id run one after another
 * @param progress the last recorded progress
 * @param code why it failed or what it waits for, as an error code; "" for neither
 * @param detail the same in words
 * @param tries number of failures that count as its own
 * @param createdAt when it was acknowledged
 */
public record Job(
    long number,
    String id,
    CollectionRef collection,
    Kind kind,
    String documentId,
    DocumentSource source,
    JobProgress progress,
    String code,
    String detail,
    int tries,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {
  /** The kind of work. */
  public enum Kind {
    DOCUMENT,
    /** Ingests what is new or changed in a folder. */
    SYNC,
    /** Like SYNC, and removes documents of the collection that are not in the folder. */
    MIRROR,
    /** Builds another index of the collection. The source's uri is the number of the index. */
    REINDEX;

    /** Returns its name for clients and in the database. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  public JobState state() {
    return progress.state();
  }

  /** Returns this job with other progress. */
  public Job at(JobProgress now) {
    return with(now, code, detail);
  }

  /** Returns this job with the reason for its wait. */
  public Job waitingFor(String troubleCode, String trouble) {
    return with(progress, troubleCode, trouble);
  }

  /** Returns this job as publishing, for the time before its end is reported. */
  public Job stillPublishing() {
    return new Job(
        number,
        id,
        collection,
        kind,
        documentId,
        source,
        progress.in(JobState.PUBLISHING),
        "",
        "",
        tries,
        createdAt,
        startedAt,
        null);
  }

  private Job with(JobProgress now, String newCode, String words) {
    return new Job(
        number,
        id,
        collection,
        kind,
        documentId,
        source,
        now,
        newCode,
        words,
        tries,
        createdAt,
        startedAt,
        finishedAt);
  }
}

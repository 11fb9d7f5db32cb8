package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Work that was acknowledged: a document to be taken in, a folder of the server to be read, or
 * another index of a collection to be built.
 *
 * @param number grows with the time of arrival
 * @param documentId the document it is about, or the collection that is reindexed; "" for a folder.
 *     Jobs of the same run one after the other
 * @param progress as it was last noted
 * @param code why it failed or what it waits for, as an error code; "" for neither
 * @param detail the same in words
 * @param tries failures so far that were nobody else's fault
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
  /** What is to be done. */
  public enum Kind {
    DOCUMENT,
    /** Takes in what is new or changed in a folder. */
    SYNC,
    /** As SYNC, and removes documents of the collection that are not in the folder. */
    MIRROR,
    /** Builds another index of the collection; the source's uri is the generation's number. */
    REINDEX;

    /** Its name as clients and the database see it. */
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

  /** The same job, further on. */
  public Job at(JobProgress now) {
    return with(now, code, detail);
  }

  /** The same job, with what is in its way. */
  public Job waitingFor(String troubleCode, String trouble) {
    return with(progress, troubleCode, trouble);
  }

  /** The same job, before its end is told. */
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

package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledged work: ingesting a document, reading a folder of the server, or building another
 * index of a collection.
 *
 * @param number increases with the time of arrival
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
    JobSpec spec,
    JobProgress progress,
    String code,
    String detail,
    int tries,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {
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
        spec,
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
        number, id, collection, spec, now, newCode, words, tries, createdAt, startedAt, finishedAt);
  }
}

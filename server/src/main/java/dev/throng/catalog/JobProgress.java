package dev.throng.catalog;

/**
 * How far a job is.
 *
 * @param pages pages of the document that were parsed; of a folder, files looked at; of a reindex,
 *     documents done
 * @param chunks chunks embedded
 * @param chunksTotal chunks it has; 0 while that is not known. Of a folder, files it has
 */
public record JobProgress(JobState state, int pages, int chunks, int chunksTotal) {
  public static JobProgress of(JobState state) {
    return new JobProgress(state, 0, 0, 0);
  }

  public JobProgress in(JobState next) {
    return new JobProgress(next, pages, chunks, chunksTotal);
  }
}

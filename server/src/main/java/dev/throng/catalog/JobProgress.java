package dev.throng.catalog;

/**
 * The progress of a job.
 *
 * @param pages parsed pages of the document; for a folder, examined files; for a reindex, finished
 *     documents
 * @param chunks embedded chunks
 * @param chunksTotal total number of chunks, or 0 while unknown; for a folder, the number of files
 */
public record JobProgress(JobState state, int pages, int chunks, int chunksTotal) {
  public static JobProgress of(JobState state) {
    return new JobProgress(state, 0, 0, 0);
  }

  public JobProgress in(JobState next) {
    return new JobProgress(next, pages, chunks, chunksTotal);
  }
}

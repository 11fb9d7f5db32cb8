package dev.throng.retrieval;

/**
 * Where the time of one retrieval was spent, in nanoseconds. Embedding and word search run in
 * parallel.
 */
public record RetrievalTimings(
    long embedNanos, long lexicalNanos, long denseNanos, long fuseNanos, long fetchNanos) {
  /** For answers that needed no retrieval. */
  public static final RetrievalTimings NONE = new RetrievalTimings(0, 0, 0, 0, 0);
}

package dev.throng.retrieval;

/** Where the time of one retrieval went, in nanoseconds. Embedding and words run side by side. */
public record RetrievalTimings(
    long embedNanos, long lexicalNanos, long denseNanos, long fuseNanos, long fetchNanos) {
  /** For what needed no retrieval. */
  public static final RetrievalTimings NONE = new RetrievalTimings(0, 0, 0, 0, 0);
}

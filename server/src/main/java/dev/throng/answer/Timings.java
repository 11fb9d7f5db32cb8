package dev.throng.answer;

import dev.throng.retrieval.RetrievalTimings;

/** Where the time of one answer was spent, in nanoseconds; 0 for stages that were not needed. */
public record Timings(
    long embedNanos,
    long searchNanos,
    long queueNanos,
    long firstTokenNanos,
    long generationNanos) {
  public static final Timings NONE = new Timings(0, 0, 0, 0, 0);

  static Timings of(
      RetrievalTimings retrieval, long queueNanos, long firstTokenNanos, long generationNanos) {
    return new Timings(
        retrieval.embedNanos(),
        retrieval.lexicalNanos()
            + retrieval.denseNanos()
            + retrieval.fuseNanos()
            + retrieval.fetchNanos(),
        queueNanos,
        firstTokenNanos,
        generationNanos);
  }
}

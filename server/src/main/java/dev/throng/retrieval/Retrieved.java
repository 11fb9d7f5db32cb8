package dev.throng.retrieval;

import dev.throng.core.Passage;
import java.util.List;

/**
 * The result of a retrieval.
 *
 * @param epoch the epoch of the documents that were read
 * @param isCurrent whether that epoch was still current after reading; only then may the result
 *     validate an answer
 * @param passages best first
 * @param relevance how well the passages match
 */
public record Retrieved(
    long epoch,
    boolean isCurrent,
    List<Passage> passages,
    Relevance relevance,
    RetrievalTimings timings) {

  /**
   * How well the best passages match the question.
   *
   * @param cosine between the question and the nearest chunk; -1 when there is none
   * @param wordEvidence share of the question's words in the nearest chunks, see {@link
   *     dev.throng.store.ChunkView#wordEvidence}
   */
  public record Relevance(double cosine, double wordEvidence) {}
}

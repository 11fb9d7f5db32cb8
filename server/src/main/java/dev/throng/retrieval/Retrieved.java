package dev.throng.retrieval;

import dev.throng.core.Passage;
import java.util.List;

/**
 * What was found for a question.
 *
 * @param epoch the epoch of the documents it was read from
 * @param isCurrent whether that epoch still held when the reading was done; only then may it
 *     validate an answer
 * @param passages best first
 * @param relevance how well they fit
 */
public record Retrieved(
    long epoch,
    boolean isCurrent,
    List<Passage> passages,
    Relevance relevance,
    RetrievalTimings timings) {

  /**
   * How well the best passages fit the question.
   *
   * @param cosine between the question and the nearest chunk; -1 when there is none
   * @param wordEvidence what the nearest chunks have of the question's words, see {@link
   *     dev.throng.store.ChunkView#wordEvidence}
   */
  public record Relevance(double cosine, double wordEvidence) {}
}

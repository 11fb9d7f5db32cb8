package dev.throng.answer;

import dev.throng.config.RetrievalConfig;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retrieved.Relevance;

/**
 * Decides whether what was found can hold an answer at all. Below it the answer is "I don't know",
 * without a model, which would make something up. How it was calibrated:
 * docs/decisions/0006-answerability-floor.md.
 */
public final class AnswerabilityFloor {
  /** What word evidence is worth on the cosine's scale. */
  private static final double WORDS_WEIGHT = 0.2;

  private final double minRelevance;

  public AnswerabilityFloor(RetrievalConfig config) {
    this.minRelevance = config.minRelevance();
  }

  /** Whether the passages found can hold an answer. */
  public boolean admits(Retrieved retrieved) {
    Relevance found = retrieved.relevance();
    double relevance = found.cosine() + WORDS_WEIGHT * Math.log1p(found.wordEvidence());
    return !retrieved.passages().isEmpty() && relevance >= minRelevance;
  }
}

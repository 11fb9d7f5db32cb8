package dev.throng.answer;

import dev.throng.config.RetrievalConfig;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retrieved.Relevance;

/**
 * Decides whether the retrieved passages can contain an answer at all. Below the floor the answer
 * is "I don't know", without calling a model, which would make something up. The calibration is
 * described in docs/decisions/0006-answerability-floor.md.
 */
public final class AnswerabilityFloor {
  /** The weight of word evidence relative to the cosine. */
  private static final double WORDS_WEIGHT = 0.2;

  private final double minRelevance;

  public AnswerabilityFloor(RetrievalConfig config) {
    this.minRelevance = config.minRelevance();
  }

  /** Returns whether the retrieved passages can contain an answer. */
  public boolean admits(Retrieved retrieved) {
    Relevance found = retrieved.relevance();
    double relevance = found.cosine() + WORDS_WEIGHT * Math.log1p(found.wordEvidence());
    return !retrieved.passages().isEmpty() && relevance >= minRelevance;
  }
}

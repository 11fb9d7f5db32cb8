package dev.throng.answer;

import dev.throng.config.RetrievalConfig;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retrieved.Relevance;

/**
 * Decides whether what was found can hold an answer at all. Below it the answer is "I don't know",
 * without a model, which would make something up. How it was calibrated:
 * docs/decisions/0006-answerability-floor.md.
 */
final class AnswerabilityFloor {
  private final RetrievalConfig config;

  AnswerabilityFloor(RetrievalConfig config) {
    this.config = config;
  }

  boolean admits(Retrieved retrieved) {
    Relevance relevance = retrieved.relevance();
    return !retrieved.passages().isEmpty()
        && relevance.cosine() >= config.minCosine()
        && relevance.coverage() >= config.minCoverage();
  }
}

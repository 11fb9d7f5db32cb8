package dev.throng.answer;

import dev.throng.config.RetrievalConfig;
import dev.throng.core.Names;
import dev.throng.core.Passage;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retrieved.Relevance;
import java.util.List;

/**
 * Decides whether the retrieved passages can contain an answer at all. Below the floor the answer
 * is "I don't know", without calling a model, which would make something up. It refuses only what
 * is surely about something else; the rest is left to the generator. The calibration is described
 * in docs/decisions/0006-answerability-floor.md.
 */
public final class AnswerabilityFloor {
  /** The weight of word evidence relative to the cosine. */
  private static final double WORDS_WEIGHT = 0.1;

  private final double minRelevance;

  public AnswerabilityFloor(RetrievalConfig config) {
    this.minRelevance = config.minRelevance();
  }

  /** Returns whether the retrieved passages can contain an answer. */
  public boolean admits(String question, Retrieved retrieved) {
    Relevance found = retrieved.relevance();
    double relevance = found.cosine() + WORDS_WEIGHT * Math.log1p(found.wordEvidence());
    return !retrieved.passages().isEmpty()
        && (relevance >= minRelevance || isNamed(question, retrieved.passages()));
  }

  /** Returns whether a passage has all names of a question, which vectors say little about. */
  private static boolean isNamed(String question, List<Passage> passages) {
    List<String> names = Names.allIn(question);
    return !names.isEmpty()
        && passages.stream()
            .map(passage -> Names.plain(passage.headings() + '\n' + passage.text()))
            .anyMatch(text -> names.stream().allMatch(text::contains));
  }
}

package dev.throng.backend;

import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model knows of single words, outside of any sentence. It costs no inference, and tells
 * which words mean nearly the same and which are rare. Safe for concurrent use.
 */
public interface WordVectors {
  /** Knows no words. */
  WordVectors NONE =
      new WordVectors() {
        @Override
        public List<WordVector> of(List<String> words, Deadline deadline) {
          return Collections.nCopies(words.size(), WordVector.UNKNOWN);
        }

        @Override
        public boolean isEmpty() {
          return true;
        }
      };

  /**
   * A word.
   *
   * @param meaning null when the word is unknown
   * @param rarity 0 for the most frequent words of the language, 1 for rare and unknown ones
   */
  record WordVector(@Nullable Embedding meaning, double rarity) {
    public static final WordVector UNKNOWN = new WordVector(null, 1);

    /** Returns the cosine of two words; 0 when one of them is unknown. */
    public double similarity(WordVector other) {
      return meaning == null || other.meaning == null ? 0 : meaning.cosine(other.meaning);
    }
  }

  /**
   * Returns the vectors of words, in their order.
   *
   * @throws dev.throng.core.ThrongException OVERLOADED, DEADLINE_EXCEEDED
   */
  List<WordVector> of(List<String> words, Deadline deadline);

  /** Returns whether it knows no words. */
  default boolean isEmpty() {
    return false;
  }
}

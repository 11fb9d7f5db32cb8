package dev.throng.core;

import java.util.List;

/**
 * Splits text into the words that searches compare: lower case, stemmed, and without stop words.
 */
@FunctionalInterface
public interface Words {
  /** Returns the words of {@code text} in order, including repetitions. */
  List<String> of(String language, String text);
}

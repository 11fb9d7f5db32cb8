package dev.throng.core;

import java.util.List;

/** Splits text into the words that searches compare: lower case, stemmed, without stop words. */
@FunctionalInterface
public interface Words {
  /** The words of {@code text} in order, repeats included. */
  List<String> of(String language, String text);
}

package dev.throng.core;

import java.util.List;

/**
 * A passage as an answer cites it.
 *
 * @param n its number in the prompt and in the answer's [n], from 1
 * @param passage the passage and its location
 * @param cited the ranges of the passage's text that the answer refers to; empty when it does not
 */
public record Source(int n, Passage passage, List<TextRange> cited) {
  /** Returns whether the answer refers to it. */
  public boolean isCited() {
    return !cited.isEmpty();
  }

  /** Returns where in the document the cited text stands; empty when it is not cited. */
  public List<Span> citedSpans() {
    return passage.spansOf(cited);
  }
}

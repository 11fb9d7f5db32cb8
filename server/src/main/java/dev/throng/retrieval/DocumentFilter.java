package dev.throng.retrieval;

import dev.throng.catalog.LiveDocument;
import java.util.List;

/**
 * Restricts a question to some documents. The filter is resolved against the catalogue, so it means
 * the same for every store (docs/decisions/0024-filters.md).
 *
 * @param condition the condition that a document must meet
 */
public record DocumentFilter(Condition condition) {
  public static final DocumentFilter ALL = new DocumentFilter(new Condition.And(List.of()));

  public boolean isAll() {
    return equals(ALL);
  }

  public boolean admits(LiveDocument document) {
    return condition.holds(document);
  }

  /**
   * Returns the same text for filters with the same meaning, regardless of the order in which they
   * were written.
   */
  public String canonical() {
    return condition.canonical();
  }
}

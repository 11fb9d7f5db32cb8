package dev.throng.retrieval;

import dev.throng.catalog.LiveDocument;
import java.util.List;

/**
 * Limits a question to some documents. It is resolved here, against what the catalogue knows of
 * them, so it means the same for every store (docs/decisions/0024-filters.md).
 *
 * @param condition what must hold for a document
 */
public record DocumentFilter(Condition condition) {
  public static final DocumentFilter ALL = new DocumentFilter(new Condition.And(List.of()));

  public boolean isAll() {
    return equals(ALL);
  }

  public boolean admits(LiveDocument document) {
    return condition.holds(document);
  }

  /** The same text for filters that mean the same, whatever order they were written in. */
  public String canonical() {
    return condition.canonical();
  }
}

package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;

/** Which answers an invalidation makes unusable. */
public sealed interface InvalidationTarget {
  /** All answers from all collections of all tenants. */
  record All() implements InvalidationTarget {}

  /** All answers from a collection. */
  record Collection(CollectionRef ref) implements InvalidationTarget {}

  /** All answers that were made from passages of a document. */
  record Document(CollectionRef ref, String id) implements InvalidationTarget {}

  /**
   * All answers to a question, for all filters and limits.
   *
   * @param text the hash of its text
   */
  record Question(CollectionRef ref, Hash text) implements InvalidationTarget {}
}

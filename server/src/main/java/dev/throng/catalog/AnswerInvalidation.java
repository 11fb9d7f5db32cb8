package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import java.util.List;

/** Makes cached answers unusable, in all replicas. */
public final class AnswerInvalidation {
  private final CollectionMoves moves;
  private final Database database;

  AnswerInvalidation(CollectionMoves moves, Database database) {
    this.moves = moves;
    this.database = database;
  }

  /**
   * Makes answers to a question unusable for all filters and limits. Returns when no replica serves
   * an answer that was generated before.
   *
   * @param question the hash of its text
   * @return the state after it; when a collection has too many invalidated targets, the whole
   *     collection is invalidated
   * @throws ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public CollectionState question(CollectionRef ref, Hash question) {
    return invalidate(List.of(ref), question.hex()).getFirst();
  }

  /** Like {@link #question}, for answers that were made from a document. */
  public CollectionState document(CollectionRef ref, String documentId) {
    return invalidate(List.of(ref), documentId).getFirst();
  }

  /** Like {@link #question}, for all answers of a collection. */
  public CollectionState collection(CollectionRef ref) {
    return invalidate(List.of(ref), Invalidations.WHOLE).getFirst();
  }

  /** Like {@link #question}, for all answers of all collections of all tenants. */
  public List<CollectionState> all() {
    return invalidate(database.call(InvalidationWriter::collections), Invalidations.WHOLE);
  }

  private List<CollectionState> invalidate(List<CollectionRef> refs, String target) {
    return moves.of(
        refs,
        (transaction, before, now) -> {
          CollectionState after = InvalidationWriter.apply(before, target, now);
          InvalidationWriter.write(transaction, before, after);
          return after;
        });
  }
}

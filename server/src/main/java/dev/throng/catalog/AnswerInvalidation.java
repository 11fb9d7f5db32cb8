package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.ThrongException;
import java.time.Instant;
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
   * Makes answers unusable. Returns when no replica serves one of them that was generated before.
   *
   * @return the states after it of the collections that the answers come from; when a collection
   *     has too many invalidated targets, the whole collection is invalidated
   * @throws ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public List<CollectionState> of(InvalidationTarget target) {
    return moves.of(
        collections(target),
        (transaction, before, now) -> {
          CollectionState after = apply(before, target, now);
          InvalidationRows.write(transaction, after);
          PublicationWriter.moveEpoch(transaction, before, after);
          return after;
        });
  }

  private List<CollectionRef> collections(InvalidationTarget target) {
    return switch (target) {
      case InvalidationTarget.All _ -> database.call(CollectionRows::existing);
      case InvalidationTarget.Collection(CollectionRef ref) -> List.of(ref);
      case InvalidationTarget.Document document -> List.of(document.ref());
      case InvalidationTarget.Question question -> List.of(question.ref());
    };
  }

  /**
   * Returns the state after an invalidation: the same documents at a new epoch, so that every
   * answer is checked again.
   */
  private static CollectionState apply(
      CollectionState state, InvalidationTarget target, Instant now) {
    long epoch = Epochs.next(state.epoch(), now);
    return new CollectionState(
        state.ref(),
        state.spec(),
        epoch,
        state.indexNumber(),
        state.byVersion(),
        state.byUri(),
        state.dead(),
        state.invalidations().with(target, epoch),
        state.stage());
  }
}

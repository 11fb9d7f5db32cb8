package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles a database that has lost publishes, because a standby that was behind took over or a
 * backup was restored. Its documents are the truth, but an epoch that stood for other documents
 * must not be reused.
 */
final class LostPublishes {
  private static final Logger log = LoggerFactory.getLogger(LostPublishes.class);

  private LostPublishes() {}

  /**
   * Moves the collection past the lost epochs.
   *
   * @param lost its newest state that this process knows and the database does not
   */
  static CollectionState movedOn(Database database, CollectionState lost) {
    log.error(
        "{}: epoch {} was published but is no longer in the catalogue. Documents of the last"
            + " publishes may have to be ingested again",
        lost.ref(),
        lost.epoch());
    CollectionRef ref = lost.ref();
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          transaction.execute(
              "UPDATE collection SET epoch = ? WHERE tenant = ? AND name = ? AND epoch < ?",
              lost.epoch() + 1,
              ref.tenant(),
              ref.name(),
              lost.epoch() + 1);
          InvalidationRows.keep(transaction, ref, lost.invalidations());
          CollectionState state = StateReader.locked(transaction, ref, database.forUpdate(), null);
          if (state == null) {
            throw CollectionRows.unknown(ref);
          }
          return state;
        }));
  }
}

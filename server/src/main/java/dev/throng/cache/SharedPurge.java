package dev.throng.cache;

import dev.throng.core.CollectionRef;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/** Removes from what replicas share all that was made from versions of documents that are gone. */
public interface SharedPurge {
  /** For a server that has nobody to share with. */
  SharedPurge NONE =
      new SharedPurge() {
        @Override
        public void awaitWrites() {}

        @Override
        public OptionalLong purge(Map<CollectionRef, LongPredicate> isLive) {
          return OptionalLong.of(0);
        }

        @Override
        public OptionalLong forEachText(Consumer<byte[]> listener) {
          return OptionalLong.of(0);
        }
      };

  /** Waits, for a moment, until what this process has begun to write is there. */
  void awaitWrites();

  /**
   * Deletes answers, questions and flights that have a passage of a version that is not live, and
   * all streams of the tenant that could be taken up, which hold what was asked.
   *
   * @param isLive of each collection that is purged, which versions are live
   * @return how many keys; empty when it did not answer to the end: what is left ends by itself, or
   *     with the next purge
   */
  OptionalLong purge(Map<CollectionRef, LongPredicate> isLive);

  /**
   * Shows every key and every value that is kept, unpacked.
   *
   * @return how many keys; empty when it did not answer to the end
   */
  OptionalLong forEachText(Consumer<byte[]> listener);
}

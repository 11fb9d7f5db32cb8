package dev.throng.cache;

import dev.throng.core.CollectionRef;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/** Removes everything from the shared store that was made from versions of deleted documents. */
public interface SharedPurge {
  /** For a server without other replicas. */
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

  /** Waits briefly until the pending writes of this process have completed. */
  void awaitWrites();

  /**
   * Deletes answers, questions and flights that contain a passage of a version that is not live,
   * and all resumable streams of the tenant, because they contain the questions.
   *
   * @param isLive for each purged collection, which versions are live
   * @return the number of deleted keys; empty when the store did not answer until the end: the rest
   *     expires, or is deleted by the next purge
   */
  OptionalLong purge(Map<CollectionRef, LongPredicate> isLive);

  /**
   * Passes every stored key and value, unpacked, to {@code listener}.
   *
   * @return the number of keys; empty when the store did not answer until the end
   */
  OptionalLong forEachText(Consumer<byte[]> listener);
}

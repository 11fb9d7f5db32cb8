package dev.throng.catalog;

import dev.throng.core.Hash;
import java.time.Instant;
import java.util.Locale;

/**
 * An index of a collection other than the live one.
 *
 * @param number identifies it in the store; never reused
 * @param spec the properties with which it is built
 * @param pipeline id of the parsing and chunking that produced its chunks
 * @param since when it entered its state
 * @param documents number of versions that it contains completely
 */
public record CollectionIndex(
    long number, State state, CollectionSpec spec, String pipeline, Instant since, int documents) {
  /** The state of the index. */
  public enum State {
    /** A reindex is filling it, or was until it was stopped. */
    BUILDING,

    /** The previously live one, to which the collection can be rolled back. */
    FORMER,

    /** It is to be deleted. */
    DROPPED;

    /** Returns its name for clients and in the database. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A version whose chunks are all in an index.
   *
   * @param contentHash the hash that its document gets when the index becomes live
   */
  public record Built(long version, Hash contentHash, int chunkCount) {}
}

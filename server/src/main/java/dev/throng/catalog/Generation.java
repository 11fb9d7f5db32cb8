package dev.throng.catalog;

import dev.throng.core.Hash;
import java.time.Instant;
import java.util.Locale;

/**
 * An index of a collection beside the live one.
 *
 * @param number names it in the store; never used again
 * @param spec what it is made with
 * @param pipeline names the way in which documents become chunks for it
 * @param since when it came into its state
 * @param documents how many versions are in it whole
 */
public record Generation(
    long number, State state, CollectionSpec spec, String pipeline, Instant since, int documents) {
  /** What it is for. */
  public enum State {
    /** A reindex fills it, or did until it was stopped. */
    BUILDING,

    /** It was live before, and one can go back to it. */
    FORMER,

    /** It is to be deleted. */
    DROPPED;

    /** Its name as clients and the database see it. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A version whose chunks are all in a generation.
   *
   * @param contentHash what its document gets when the generation becomes live
   */
  public record Built(long version, Hash contentHash, int chunkCount) {}
}

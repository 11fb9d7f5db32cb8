package dev.throng.store;

import dev.throng.core.Deadline;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The chunks of one generation of one collection. Writers prepare and then {@link #commit}; a crash
 * at any moment leaves the last commit and, in an engine that is not transactional, some of what
 * was written after it. One writer at a time in a process; any number of readers, never blocked by
 * it.
 *
 * <p>Every method fails with STORE_UNAVAILABLE when an engine elsewhere does not answer in time,
 * and with STORE_FAILED when it answers with an error.
 */
public interface ChunkIndex extends AutoCloseable {
  /** Adds chunks; all of them are readable after {@link #commit}. */
  void write(List<EmbeddedChunk> chunks);

  /** Deletes every chunk of the versions; they are gone after {@link #commit}, not before. */
  void deleteVersions(Collection<Long> versions);

  /** Makes all changes since the last commit durable and readable, at once. */
  void commit();

  /**
   * After a change that failed: makes the index take changes again, if it does not.
   *
   * @return whether all that was written since the last commit is lost by that, and must be written
   *     again
   */
  boolean recover();

  /**
   * Reads everything once and compares it with its checksums, where the engine has some, unless
   * that was done before and nothing gave cause to doubt it since; {@link #isDamaged} says what
   * came of it.
   */
  default void verify() {}

  /**
   * Whether what is kept is not what was written, so that another index must take its place by
   * {@link ChunkStore#replace}.
   */
  default boolean isDamaged() {
    return false;
  }

  /**
   * The newest commit, of which every search finds all that is live. A copy of the index that lags
   * behind is waited for, or left for another one. The caller closes it.
   *
   * @param live what no search may miss
   * @param deadline of everything that is asked of it
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE, from here or from a search, when
   *     chunks of live versions cannot be read before {@link HeldVersions#LAG_PATIENCE} or the
   *     deadline has passed
   */
  ChunkView view(LiveVersions live, Deadline deadline);

  /** The newest commit that some copy of the index has; for what may miss a version. */
  default ChunkView view(Deadline deadline) {
    return view(LiveVersions.NONE, deadline);
  }

  /**
   * Whether a copy of the index has every chunk of what is live, now.
   *
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE
   */
  boolean hasAll(LiveVersions live, Deadline deadline);

  /** Every version that has a chunk in the newest commit, or in what one copy has of it. */
  Set<Long> versions();

  /**
   * Those of some versions that no copy of the index has a chunk of.
   *
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE when a copy does not answer that may
   *     have them
   */
  default Set<Long> lost(Set<Long> some) {
    Set<Long> lost = new HashSet<>(some);
    lost.removeAll(versions());
    return lost;
  }

  /**
   * What {@link #expunge} did.
   *
   * @param chunks deleted ones that were still kept; 0 where the engine does not tell
   * @param left what may still hold deleted text, and until when; "" for nothing
   */
  record Expunged(long chunks, String left) {}

  /**
   * Removes for good what was deleted by the last commit or before: its text is in no file of this
   * engine afterwards, as far as that is in its hands. Takes as long as the chunks beside it need
   * to be copied. Writing may go on meanwhile.
   */
  Expunged expunge();

  /** Hears what an index holds. */
  interface TextListener {
    /** A text that is kept as it is: of a chunk, its headings, its document's id. */
    void text(String text);

    /** A word by which chunks are found. */
    void word(String word);
  }

  /**
   * Tells all text that the index holds as of the newest commit; of deleted chunks too, where the
   * engine shows what it still keeps of them.
   *
   * @return how many chunks were looked at
   */
  default long forEachText(TextListener listener) {
    long chunks = 0;
    for (long version : versions()) {
      for (EmbeddedChunk each : chunksOf(version)) {
        listener.text(each.chunk().documentId());
        listener.text(each.chunk().headings());
        listener.text(each.chunk().text());
        chunks++;
      }
    }
    return chunks;
  }

  /** The chunks of one version as of the newest commit, by ordinal. */
  List<EmbeddedChunk> chunksOf(long version);

  @Override
  void close();
}

package dev.throng.store;

import dev.throng.core.Deadline;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The chunks of one index of one collection. Writers make changes and then {@link #commit}. A crash
 * at any time leaves the last commit and, in an engine that is not transactional, some of what was
 * written after it. There is one writer at a time in a process, and any number of readers, which
 * the writer never blocks.
 *
 * <p>Every method fails with STORE_UNAVAILABLE when a remote engine does not answer in time, and
 * with STORE_FAILED when it returns an error.
 */
public interface ChunkIndex extends AutoCloseable {
  /** Adds chunks. All of them are readable after {@link #commit}. */
  void write(List<EmbeddedChunk> chunks);

  /** Deletes every chunk of the versions. They are gone after {@link #commit}, not before. */
  void deleteVersions(Collection<Long> versions);

  /** Makes all changes since the last commit durable and readable, atomically. */
  void commit();

  /**
   * Makes the index accept changes again after a change failed.
   *
   * @return whether everything that was written since the last commit is lost and must be written
   *     again
   */
  boolean recover();

  /**
   * Reads the whole index and compares it with its checksums, where the engine has some, unless
   * that was done before and there was no reason to doubt it since. {@link #isDamaged} returns the
   * result.
   */
  default void verify() {}

  /**
   * Returns whether the stored data is corrupt, so that another index must take its place by {@link
   * ChunkStore#replace}.
   */
  default boolean isDamaged() {
    return false;
  }

  /**
   * Returns the newest commit, in which every search finds everything that is live. If a copy of
   * the index lags behind, the view waits for it or uses another copy. The caller must close the
   * view.
   *
   * @param live what searches must find
   * @param deadline of everything that uses the view
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE, from this method or from a search,
   *     when chunks of live versions cannot be read before {@link HeldVersions#LAG_PATIENCE} or the
   *     deadline has passed
   */
  ChunkView view(LiveVersions live, Deadline deadline);

  /**
   * Returns the newest commit that some copy of the index has, for uses that may miss a version.
   */
  default ChunkView view(Deadline deadline) {
    return view(LiveVersions.NONE, deadline);
  }

  /**
   * Returns whether a copy of the index has every chunk of what is live now.
   *
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE
   */
  boolean hasAll(LiveVersions live, Deadline deadline);

  /**
   * Returns every version that has a chunk in the newest commit, or in the part of it that one copy
   * has.
   */
  Set<Long> versions();

  /**
   * Returns those of the given versions of which no copy of the index has a chunk.
   *
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE when a copy that may have them does
   *     not answer
   */
  default Set<Long> lost(Set<Long> some) {
    Set<Long> lost = new HashSet<>(some);
    lost.removeAll(versions());
    return lost;
  }

  /**
   * The result of {@link #expunge}.
   *
   * @param chunks number of deleted chunks that were still stored; 0 where the engine does not
   *     report it
   * @param left what may still contain deleted text, and until when; "" for nothing
   */
  record Expunged(long chunks, String left) {}

  /**
   * Purges what was deleted by the last commit or before. Afterwards no file of this engine
   * contains its text, as far as the engine controls that. Takes as long as copying the remaining
   * chunks in the same files. Writing may continue in the meantime.
   */
  Expunged expunge();

  /** Receives what an index contains. */
  interface TextListener {
    /** Receives a stored text: of a chunk, its headings, or its document's id. */
    void text(String text);

    /** Receives a word by which chunks are found. */
    void word(String word);
  }

  /**
   * Passes all text in the index, as of the newest commit, to {@code listener}. It includes deleted
   * chunks where the engine can read those that are still stored.
   *
   * @return the number of chunks read
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

  /** Returns the chunks of one version as of the newest commit, by ordinal. */
  List<EmbeddedChunk> chunksOf(long version);

  @Override
  void close();
}

package dev.throng.store;

import dev.throng.core.Deadline;
import java.util.Collection;
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
   * The newest commit. The caller closes it.
   *
   * @param deadline of everything that is asked of it
   */
  ChunkView view(Deadline deadline);

  /** Every version that has a chunk in the newest commit. */
  Set<Long> versions();

  /** The chunks of one version as of the newest commit, by ordinal. */
  List<EmbeddedChunk> chunksOf(long version);

  @Override
  void close();
}

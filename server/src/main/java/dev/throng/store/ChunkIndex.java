package dev.throng.store;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The chunks of one generation of one collection. Writers prepare and then {@link #commit}; a crash
 * at any moment leaves the last commit. One writer at a time; any number of readers, never blocked
 * by it.
 */
public interface ChunkIndex extends AutoCloseable {
  /** Adds chunks, not readable before {@link #commit}. */
  void write(List<EmbeddedChunk> chunks);

  /** Deletes every chunk of the versions, not effective before {@link #commit}. */
  void deleteVersions(Collection<Long> versions);

  /** Makes all changes since the last commit durable and readable, at once. */
  void commit();

  /** The newest commit. The caller closes it. */
  ChunkView view();

  /** Every version that has a chunk in the newest commit. */
  Set<Long> versions();

  /** The chunks of one version as of the newest commit, by ordinal. */
  List<EmbeddedChunk> chunksOf(long version);

  @Override
  void close();
}

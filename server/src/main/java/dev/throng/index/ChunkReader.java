package dev.throng.index;

import dev.throng.core.Chunk;
import org.jspecify.annotations.Nullable;

/** The chunks of one version of a document, as they are cut; not for use by several threads. */
public interface ChunkReader {
  /** The next chunk, in order and never blank; null behind the last one. */
  @Nullable Chunk next();
}

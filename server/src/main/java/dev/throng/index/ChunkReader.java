package dev.throng.index;

import dev.throng.core.Chunk;
import org.jspecify.annotations.Nullable;

/** Reads the chunks of one version of a document while they are cut. Not thread-safe. */
public interface ChunkReader {
  /** Returns the next chunk in order, which is never blank, or null after the last one. */
  @Nullable Chunk next();
}

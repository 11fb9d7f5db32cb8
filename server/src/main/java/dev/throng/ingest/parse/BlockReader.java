package dev.throng.ingest.parse;

import dev.throng.core.ThrongException;
import org.jspecify.annotations.Nullable;

/** Reads a document's blocks once, in order. Not thread-safe. */
public interface BlockReader {
  /**
   * Returns the next block, or null after the last one.
   *
   * @throws ThrongException PARSER_CRASHED when the parser's output cannot be read
   */
  @Nullable ParsedBlock next();
}

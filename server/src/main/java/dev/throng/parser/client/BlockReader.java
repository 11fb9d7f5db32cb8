package dev.throng.parser.client;

import dev.throng.core.ThrongException;
import dev.throng.parser.api.ParsedBlock;
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

package dev.throng.parser.client;

import dev.throng.core.ThrongException;
import dev.throng.parser.api.ParsedBlock;
import org.jspecify.annotations.Nullable;

/** Reads a document's blocks once, in order; not for use by several threads. */
public interface BlockReader {
  /**
   * The next block, or null behind the last one.
   *
   * @throws ThrongException PARSER_CRASHED when what the parser left cannot be read
   */
  @Nullable ParsedBlock next();
}

package dev.throng.parser.client;

import dev.throng.core.ThrongException;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedPage;
import org.jspecify.annotations.Nullable;

/** Reads a document's blocks once, in order. Not thread-safe. */
public interface BlockReader {
  /**
   * Returns the next block, or null after the last one.
   *
   * @throws ThrongException PARSER_CRASHED when the parser's output cannot be read
   */
  @Nullable ParsedBlock next();

  /** Returns what is known about a page on which a block that was read has text. */
  default ParsedPage page(int number) {
    return ParsedPage.of(number);
  }
}

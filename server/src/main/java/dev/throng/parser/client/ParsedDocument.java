package dev.throng.parser.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document's text and structure. It is on disk while it is open, because it may be larger than
 * this process's memory.
 */
public interface ParsedDocument extends AutoCloseable {
  /** Returns the title in the document, or null when there is none. */
  @Nullable String title();

  /** Returns the number of pages, slides or sheets, or 0 when the format has none. */
  int pages();

  /** Returns the number of characters of text, including those between blocks. */
  long chars();

  /** Returns the detected format, such as {@code pdf}. */
  String format();

  /** Returns sentences about what was left out. */
  List<String> warnings();

  /** Returns a new reader of all blocks, from the first one. */
  BlockReader blocks();

  /** Deletes the files on disk, when no reader uses them any more. */
  @Override
  void close();
}

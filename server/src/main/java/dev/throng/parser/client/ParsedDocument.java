package dev.throng.parser.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document's text and its structure, on disk while it is open: it may be larger than this
 * process's memory.
 */
public interface ParsedDocument extends AutoCloseable {
  /** What the document calls itself, or null when it does not say. */
  @Nullable String title();

  /** Pages, slides or sheets; 0 when the format has none. */
  int pages();

  /** Characters of text, with those between blocks. */
  long chars();

  /** What it turned out to be, such as {@code pdf}. */
  String format();

  /** What was left out, a sentence each. */
  List<String> warnings();

  /** A reader of all blocks, from the first on, with each call. */
  BlockReader blocks();

  /** Deletes what is on disk, once all readers are done with it. */
  @Override
  void close();
}

package dev.throng.parser.api;

/** Receives the blocks of a document, in order. */
public interface BlockSink {
  void add(ParsedBlock block);

  /** Announces a page, before the first block with text on it. */
  default void page(ParsedPage page) {}
}

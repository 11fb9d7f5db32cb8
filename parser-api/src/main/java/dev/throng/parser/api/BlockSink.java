package dev.throng.parser.api;

/** Takes a document's blocks, in order. */
public interface BlockSink {
  void add(ParsedBlock block);
}

package dev.throng.parser.api;

/** Receives a document's blocks, in order. */
public interface BlockSink {
  void add(ParsedBlock block);
}

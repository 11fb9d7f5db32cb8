package dev.throng.ingest.parse;

/** Receives a document's blocks, in order. */
interface BlockSink {
  void add(ParsedBlock block);
}

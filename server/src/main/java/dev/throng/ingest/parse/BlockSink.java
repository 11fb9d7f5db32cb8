package dev.throng.ingest.parse;

/** Takes a document's blocks, in order. */
interface BlockSink {
  void add(ParsedBlock block);
}

package dev.throng.ingest.parse;

import dev.throng.ingest.parse.ParsedBlock.Kind;
import java.util.List;

/** What tests look for in a document's blocks. */
final class Blocks {
  private Blocks() {}

  /** The texts of one kind, in order. */
  static List<String> texts(List<ParsedBlock> blocks, Kind kind) {
    return blocks.stream().filter(block -> block.kind() == kind).map(ParsedBlock::text).toList();
  }

  static List<String> texts(MemoryDocument document, Kind kind) {
    return texts(document.list(), kind);
  }
}

package dev.throng.parser.client;

import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.util.List;

/** Selects what tests look for in a document's blocks. */
final class Blocks {
  private Blocks() {}

  /** The texts of one kind, in order. */
  static List<String> texts(MemoryDocument document, Kind kind) {
    return document.list().stream()
        .filter(block -> block.kind() == kind)
        .map(ParsedBlock::text)
        .toList();
  }
}

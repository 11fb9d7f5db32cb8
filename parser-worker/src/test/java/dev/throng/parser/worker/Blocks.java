package dev.throng.parser.worker;

import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.util.List;

/** Selects what tests look for in a document's blocks. */
final class Blocks {
  private Blocks() {}

  /** The texts of one kind, in order. */
  static List<String> texts(List<ParsedBlock> blocks, Kind kind) {
    return blocks.stream().filter(block -> block.kind() == kind).map(ParsedBlock::text).toList();
  }
}

package dev.throng.parser.worker;

import dev.throng.parser.api.BlockSink;
import dev.throng.parser.api.ParseRules;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.ParsedPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file as {@link Formats} reads it. */
record ParsedFile(List<ParsedBlock> blocks, List<ParsedPage> pages, List<String> warnings) {
  private static final ParseRules RULES =
      new ParseRules(10_000_000, 200, 10_000, true, false, "eng");

  static ParsedFile of(Path file) throws Exception {
    ParsedFile parsed = new ParsedFile(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    BlockSink sink =
        new BlockSink() {
          @Override
          public void add(ParsedBlock block) {
            parsed.blocks.add(block);
          }

          @Override
          public void page(ParsedPage page) {
            parsed.pages.add(page);
          }
        };
    new Formats()
        .parse(
            file,
            file.getFileName().toString(),
            RULES,
            new TextBuilder(RULES.maxTextChars(), sink),
            parsed.warnings);
    return parsed;
  }

  /** Returns the texts of one kind, in order. */
  List<String> texts(Kind kind) {
    return Blocks.texts(blocks, kind);
  }

  String text() {
    return String.join("\n", blocks.stream().map(ParsedBlock::text).toList());
  }
}

package dev.throng.parser.worker.pdf;

import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.ParsedPage;
import dev.throng.parser.api.TextLine;
import java.util.List;

/** Receives what is read from a PDF, in order. */
public interface PdfSink {
  /** Announces that characters were found, which may be too many. */
  void found(long chars);

  /** Announces a page, before the first block with text on it. */
  void page(ParsedPage page);

  /**
   * Adds a block.
   *
   * @param level 1 to 6 for a heading, otherwise 0
   * @param lines its lines in order, at least one
   */
  void block(Kind kind, int level, String text, List<TextLine> lines);

  /** Adds a paragraph of the current page whose position is not known. */
  void aside(String text);
}

package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.ParseRules;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.ParsedPage;
import dev.throng.parser.api.TextLine;
import dev.throng.parser.worker.pdf.PdfSink;
import java.util.List;

/** Passes on the blocks of a PDF, and stops at one with too much text. */
final class PdfBlocks implements PdfSink {
  private final TextBuilder text;
  private final ParseRules rules;
  private final long bytes;
  private long found;

  /**
   * Creates a sink.
   *
   * @param bytes size of the file
   */
  PdfBlocks(TextBuilder text, ParseRules rules, long bytes) {
    this.text = text;
    this.rules = rules;
    this.bytes = bytes;
  }

  @Override
  public void found(long chars) {
    found += chars;
    BombGuard.check(found, bytes);
    if (found > rules.maxTextChars()) {
      throw new DocumentException(
          Reason.DOCUMENT_TEXT_TOO_LONG,
          "more than %d characters of text".formatted(rules.maxTextChars()));
    }
  }

  @Override
  public void page(ParsedPage page) {
    text.page(page);
  }

  @Override
  public void block(Kind kind, int level, String content, List<TextLine> lines) {
    text.positioned(kind, level, content, lines);
  }

  @Override
  public void aside(String content) {
    text.paragraph(content);
  }
}

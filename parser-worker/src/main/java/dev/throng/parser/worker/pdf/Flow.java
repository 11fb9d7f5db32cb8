package dev.throng.parser.worker.pdf;

import dev.throng.parser.api.ParsedBlock.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes on paragraphs and tables as blocks. A sentence that continues in the next column or on the
 * next page is one block. What stands between its parts, such as a footnote, follows it.
 */
final class Flow {
  /** Blocks that wait for the end of a sentence. */
  private static final int MAX_WAITING = 40;

  /** Smaller letters than those of the text are of footnotes and captions. */
  private static final float SMALLER = 0.94f;

  private static final int MAX_CHARS = 45_000;

  private final PdfSink sink;
  private final Hyphenation hyphenation;
  private final List<Block> waiting = new ArrayList<>();
  private final GridRows tables;
  private @Nullable Headings headings;
  private @Nullable Block open;

  Flow(PdfSink sink, Hyphenation hyphenation) {
    this.sink = sink;
    this.hyphenation = hyphenation;
    this.tables = new GridRows(hyphenation);
  }

  /** Sets by what the headings of further pages are found. */
  void use(Headings found) {
    headings = found;
  }

  /**
   * Adds the parts of a page.
   *
   * @param isApart whether it has another direction than the text, which it does not continue
   */
  void add(List<FlowPart> parts, int page, Frame frame, boolean isApart) {
    for (int i = 0; i < parts.size(); i++) {
      FlowPart next = i + 1 < parts.size() ? parts.get(i + 1) : null;
      switch (parts.get(i)) {
        case Item.Table table -> {
          for (Block row : tables.blocks(table.grid(), page, frame)) {
            passOrWait(row);
          }
        }
        case Paragraph paragraph -> add(paragraph, next, page, frame, isApart);
      }
    }
  }

  /** Adds texts whose positions are not known. */
  void addAsides(List<String> asides) {
    if (!asides.isEmpty()) {
      finish();
      asides.forEach(sink::aside);
    }
  }

  private void add(
      Paragraph paragraph, @Nullable FlowPart next, int page, Frame frame, boolean isApart) {
    Headings known = headings;
    int level = isApart || known == null ? 0 : known.level(paragraph, next, page);
    Block block = new Block(level > 0 ? Kind.HEADING : paragraph.kind(), level);
    block.add(paragraph, page, frame, hyphenation);
    if (!isApart) {
      tables.end();
    }
    if (level > 0 || isApart) {
      passOrWait(block);
      return;
    }
    Block before = open;
    if (before == null) {
      openOrPass(block);
    } else if (continues(before, paragraph)) {
      before.add(paragraph, page, frame, hyphenation);
      if (!before.isUnfinished() || before.length() > MAX_CHARS) {
        finish();
      }
    } else if (paragraph.first().size() < SMALLER * before.lastLine().size()) {
      passOrWait(block);
    } else {
      finish();
      openOrPass(block);
    }
  }

  private void openOrPass(Block block) {
    if (block.isUnfinished()) {
      open = block;
    } else {
      pass(block);
    }
  }

  private void passOrWait(Block block) {
    if (open == null) {
      pass(block);
      return;
    }
    waiting.add(block);
    if (waiting.size() > MAX_WAITING) {
      finish();
    }
  }

  /** Passes on what waits for the end of a sentence. */
  void finish() {
    Block unfinished = open;
    open = null;
    if (unfinished != null) {
      pass(unfinished);
    }
    waiting.forEach(this::pass);
    waiting.clear();
  }

  private void pass(Block block) {
    String text = block.text();
    if (!text.isBlank()) {
      sink.block(block.kind(), block.level(), text, block.lines());
    }
  }

  private boolean continues(Block before, Paragraph paragraph) {
    Line last = before.lastLine();
    Line first = paragraph.first();
    float ratio = first.size() / last.size();
    boolean isSameColumn = first.column() == last.column() && waiting.isEmpty();
    boolean isSameFont = ratio > SMALLER && ratio * SMALLER < 1 && first.isBold() == last.isBold();
    if (isSameColumn || !isSameFont || paragraph.kind() != Kind.PARAGRAPH) {
      return false;
    }
    if (TextShape.startsWithSmallLetter(first.text())) {
      return true;
    }
    boolean isIndented = first.left() - first.columnLeft() > 0.8f * first.size();
    boolean isAfterHeading = waiting.stream().anyMatch(block -> block.kind() != Kind.PARAGRAPH);
    return !isIndented && !isAfterHeading && !Paragraph.isShort(last, first);
  }
}

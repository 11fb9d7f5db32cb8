package dev.throng.parser.worker.pdf;

import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.TextLine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A block that is being put together. */
final class Block {
  /** The part of its column that a single line fills whose sentence may continue elsewhere. */
  private static final float MIN_FILL = 0.6f;

  private final Kind kind;
  private final int level;
  private final StringBuilder text = new StringBuilder();
  private final List<TextLine> lines = new ArrayList<>();
  private @Nullable Line last;

  Block(Kind kind, int level) {
    this.kind = kind;
    this.level = level;
  }

  Kind kind() {
    return kind;
  }

  int level() {
    return level;
  }

  int length() {
    return text.length();
  }

  String text() {
    return text.toString();
  }

  List<TextLine> lines() {
    return List.copyOf(lines);
  }

  Line lastLine() {
    if (last == null) {
      throw new IllegalStateException("a block of text has lines");
    }
    return last;
  }

  void add(Paragraph paragraph, int page, Frame frame, Hyphenation hyphenation) {
    for (Line line : paragraph.lines()) {
      boolean isFirst = text.isEmpty();
      String shown = isFirst && kind == Kind.LIST_ITEM ? withPlainMark(line.text()) : line.text();
      hyphenation.append(text, shown);
      Frame.Box box = frame.onPage(line.left(), line.top(), line.right(), line.bottom());
      start(isFirst ? 0 : text.length() - shown.length(), page, box);
      last = line;
    }
  }

  private static String withPlainMark(String text) {
    boolean isSign = !Character.isLetterOrDigit(text.charAt(0)) && text.charAt(0) != '(';
    return isSign ? "-" + text.substring(1) : text;
  }

  /** Starts a line at an offset of the text. */
  void start(int offset, int page, Frame.Box box) {
    lines.add(
        new TextLine(
            offset,
            page,
            box.left(),
            box.top(),
            box.right() - box.left(),
            box.bottom() - box.top()));
  }

  boolean hasLines() {
    return !lines.isEmpty();
  }

  StringBuilder builder() {
    return text;
  }

  /** Returns whether its last sentence may continue elsewhere. */
  boolean isUnfinished() {
    Line end = last;
    boolean isText = kind == Kind.PARAGRAPH || kind == Kind.LIST_ITEM;
    if (end == null || !isText || TextShape.endsSentence(text)) {
      return false;
    }
    boolean isHyphenated = Hyphenation.isHyphen(text.charAt(text.length() - 1));
    boolean isFull = end.width() > MIN_FILL * end.columnWidth() || lines.size() > 1;
    return isHyphenated || isFull;
  }
}

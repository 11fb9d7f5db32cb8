package dev.throng.parser.worker.pdf;

import dev.throng.parser.api.ParsedBlock.Kind;
import java.util.ArrayList;
import java.util.List;

/** Lines of one column that belong together. */
final class Paragraph implements FlowPart {
  private final List<Line> lines = new ArrayList<>();
  private final boolean isAfterGap;
  private Kind kind;
  private int chars;

  /**
   * Creates a paragraph.
   *
   * @param isAfterGap whether more than a line's distance separates it from the text above
   */
  Paragraph(Line first, boolean isAfterGap) {
    this.isAfterGap = isAfterGap;
    boolean isItem =
        TextShape.startsWithBullet(first.text()) || TextShape.startsWithNumber(first.text());
    this.kind = isItem ? Kind.LIST_ITEM : Kind.PARAGRAPH;
    add(first);
  }

  void add(Line line) {
    lines.add(line);
    chars += line.text().length() + 1;
  }

  List<Line> lines() {
    return lines;
  }

  Line first() {
    return lines.getFirst();
  }

  Line last() {
    return lines.getLast();
  }

  int chars() {
    return chars;
  }

  boolean isAfterGap() {
    return isAfterGap;
  }

  boolean isItem() {
    return kind == Kind.LIST_ITEM;
  }

  Kind kind() {
    return kind;
  }

  /** Marks it as one of several short lines whose ends are significant. */
  void markAsLine() {
    kind = Kind.LINE;
  }

  boolean isBold() {
    return lines.stream().allMatch(Line::isBold);
  }

  /** Returns whether a word would have fitted behind the last line, with some distance. */
  boolean isShortBefore(Line next) {
    return isShort(last(), next);
  }

  static boolean isShort(Line line, Line next) {
    int blank = next.text().indexOf(' ');
    float share = blank < 0 ? 1 : (float) blank / next.text().length();
    float free =
        Rtl.isMostly(line.text())
            ? line.left() - line.columnLeft()
            : line.columnRight() - line.right();
    return free > next.width() * share + 0.12f * line.columnWidth();
  }
}

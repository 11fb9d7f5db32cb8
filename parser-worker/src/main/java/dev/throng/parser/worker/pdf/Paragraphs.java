package dev.throng.parser.worker.pdf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers lines into paragraphs by their distances, indents, sizes and lengths. */
final class Paragraphs {
  /** The usual distance of lines, as a fraction of the size of their font. */
  private static final float USUAL_LEADING = 1.2f;

  private static final float MAX_LEADING = 1.55f;
  private static final float MAX_WIDE_LEADING = 2.6f;

  /** Distances that exceed the usual one by this factor separate paragraphs. */
  private static final float GAP = 1.3f;

  /** Sizes that differ by more are of different paragraphs. */
  private static final float SAME_SIZE = 1.1f;

  private static final float INDENT = 0.8f;

  /** A longer paragraph is cut, so that its readers need little memory. */
  private static final int MAX_CHARS = 40_000;

  private final List<FlowPart> parts = new ArrayList<>();
  private final FontSizes sizes;
  private @Nullable Paragraph current;
  private float leading = USUAL_LEADING;

  private Paragraphs(FontSizes sizes) {
    this.sizes = sizes;
  }

  /** Returns the paragraphs and tables of a page. */
  static List<FlowPart> of(List<Item> items, FontSizes sizes) {
    Paragraphs paragraphs = new Paragraphs(sizes);
    int column = -1;
    for (int i = 0; i < items.size(); i++) {
      switch (items.get(i)) {
        case Item.Table table -> {
          paragraphs.current = null;
          paragraphs.parts.add(table);
        }
        case Line line -> {
          if (line.column() != column) {
            column = line.column();
            paragraphs.leading = leading(items, i);
          }
          paragraphs.add(line);
        }
      }
    }
    paragraphs.markShortLines();
    return paragraphs.parts;
  }

  /** Returns the usual distance of the lines of a column, as a fraction of their size. */
  private static float leading(List<Item> items, int from) {
    List<Float> distances = new ArrayList<>();
    Line before = null;
    int continued = 0;
    for (int i = from; i < items.size() && items.get(i) instanceof Line line; i++) {
      if (before != null && line.column() != before.column()) {
        break;
      }
      if (before != null && line.baseline() > before.baseline()) {
        distances.add((line.baseline() - before.baseline()) / line.size());
        continued += TextShape.startsInSentence(line.text()) ? 1 : 0;
      }
      before = line;
    }
    if (distances.isEmpty()) {
      return USUAL_LEADING;
    }
    float usual = distances.stream().sorted().toList().get(distances.size() * 2 / 5);
    boolean isWide = distances.size() >= 4 && continued * 4 >= distances.size();
    return Math.clamp(usual, 1f, isWide ? MAX_WIDE_LEADING : MAX_LEADING);
  }

  private void add(Line line) {
    Paragraph before = current;
    if (before != null && continues(before, line)) {
      before.add(line);
      return;
    }
    boolean isAfterGap =
        before == null
            || before.last().column() != line.column()
            || line.baseline() - before.last().baseline()
                > GAP * leading * Math.max(line.size(), before.last().size());
    current = new Paragraph(line, isAfterGap);
    parts.add(current);
  }

  private boolean continues(Paragraph paragraph, Line line) {
    Line last = paragraph.last();
    float distance = line.baseline() - last.baseline();
    float ratio = line.size() / last.size();
    boolean isClose =
        distance > 0 && distance <= GAP * leading * Math.max(line.size(), last.size());
    if (last.column() != line.column()
        || paragraph.chars() > MAX_CHARS
        || ratio > SAME_SIZE
        || TextShape.hasLeader(last.text())
        || ratio * SAME_SIZE < 1
        || !isClose) {
      return false;
    }
    if (sizes.isHeading(line.size())) {
      return continuesHeading(paragraph, line, distance);
    }
    boolean isInSentence =
        TextShape.startsWithSmallLetter(line.text()) && !TextShape.endsSentence(last.text());
    if (last.isBold() != line.isBold() && !isInSentence) {
      return false;
    }
    if (startsItem(paragraph, line) || isIndented(paragraph, line)) {
      return false;
    }
    return isInSentence || !endsAt(paragraph, line);
  }

  /** Returns whether a line continues the one above in larger letters. */
  private static boolean continuesHeading(Paragraph heading, Line line, float distance) {
    Line last = heading.last();
    boolean isCentered = Math.abs(center(last) - center(line)) < 0.02f * last.columnWidth() + 1;
    boolean isLeft = Math.abs(last.left() - line.left()) < 1;
    return distance <= 1.45f * line.size()
        && last.isBold() == line.isBold()
        && ((isCentered && !isLeft)
            || !heading.isShortBefore(line)
            || TextShape.startsWithSmallLetter(line.text()));
  }

  private static float center(Line line) {
    return (line.left() + line.right()) / 2;
  }

  private static boolean startsItem(Paragraph paragraph, Line line) {
    boolean isBullet = TextShape.startsWithBullet(line.text());
    boolean isDash = isBullet && "-*\u2013\u2014\u00b7".indexOf(line.text().charAt(0)) >= 0;
    boolean isMark = isBullet || TextShape.startsWithNumber(line.text());
    boolean isClear = isBullet && !isDash;
    return isClear
        || (isMark
            && (paragraph.isItem()
                || TextShape.endsSentence(paragraph.last().text())
                || paragraph.isShortBefore(line)));
  }

  private static boolean isIndented(Paragraph paragraph, Line line) {
    if (Rtl.isMostly(line.text())) {
      return false;
    }
    Line last = paragraph.last();
    float shift = line.left() - last.left();
    boolean isRight = shift > INDENT * line.size();
    boolean isLeft = shift < -INDENT * line.size();
    if (paragraph.lines().size() > 1) {
      return isRight || (isLeft && last.left() - last.columnLeft() > INDENT * line.size());
    }
    boolean isHanging = paragraph.isItem() || !paragraph.isShortBefore(line);
    return isRight && !isHanging;
  }

  /** Returns whether a paragraph ends above a line, because there was room for its first word. */
  private static boolean endsAt(Paragraph paragraph, Line line) {
    Line last = paragraph.last();
    if (!paragraph.isShortBefore(line)) {
      return false;
    }
    boolean isHalf = last.width() < 0.65f * last.columnWidth();
    return TextShape.endsSentence(last.text()) || isHalf;
  }

  /** Marks lines of which several short ones follow each other, as in an address. */
  private void markShortLines() {
    for (int i = 0; i < parts.size(); i++) {
      int end = i;
      while (end < parts.size() && isLoneLine(parts.get(end)) && (end == i || isNear(end))) {
        end++;
      }
      for (int j = i; j < end && end - i > 1; j++) {
        ((Paragraph) parts.get(j)).markAsLine();
      }
      i = Math.max(i, end - 1);
    }
  }

  private boolean isNear(int index) {
    return parts.get(index) instanceof Paragraph paragraph && !paragraph.isAfterGap();
  }

  private boolean isLoneLine(FlowPart part) {
    return part instanceof Paragraph paragraph
        && paragraph.lines().size() == 1
        && !paragraph.isItem()
        && !paragraph.isBold()
        && !sizes.isHeading(paragraph.first().size())
        && !TextShape.endsSentence(paragraph.first().text());
  }
}

package dev.throng.parser.worker.pdf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds headings by bookmarks, by size, by weight and by number. */
final class Headings {
  private static final int MAX_CHARS = 200;
  private static final int MAX_LINES = 3;
  private static final int MAX_BOLD_CHARS = 100;
  private static final int MAX_NUMBERED_CHARS = 80;
  private static final int MAX_LEVEL = 6;

  private static final Pattern NUMBERED =
      Pattern.compile("(?:\u00a7\\s?)?(\\d{1,2}(?:\\.\\d{1,2}){0,5})\\.?\\s+\\p{Lu}.{2,}");

  private final FontSizes sizes;
  private final Outline outline;

  Headings(FontSizes sizes, Outline outline) {
    this.sizes = sizes;
    this.outline = outline;
  }

  /**
   * Returns the level of a heading, 1 to 6, or 0 for other text.
   *
   * @param next what follows on the page, or null
   */
  int level(Paragraph paragraph, @Nullable FlowPart next, int page) {
    if (paragraph.chars() > MAX_CHARS || paragraph.lines().size() > MAX_LINES) {
      return 0;
    }
    String text = String.join(" ", paragraph.lines().stream().map(Line::text).toList());
    float size = paragraph.first().size();
    if (TextShape.letters(text) < 2 || size < 0.95f * sizes.body()) {
      return 0;
    }
    int marked = outline.level(page, text);
    if (marked > 0) {
      return marked;
    }
    boolean isSentence = TextShape.endsSentence(text) || text.endsWith(",");
    if (paragraph.lines().stream().anyMatch(Line::hasGap) || TextShape.hasLeader(text)) {
      return 0;
    }
    if (sizes.isHeading(size)) {
      boolean isQuestion = text.endsWith("?") || text.endsWith("!");
      return isSentence && !isQuestion ? 0 : sizes.level(size);
    }
    if (isSentence || !isFollowedByText(next)) {
      return 0;
    }
    Matcher number = NUMBERED.matcher(text);
    int depth = number.matches() ? number.group(1).split("\\.").length : 0;
    int below = Math.min(MAX_LEVEL, sizes.headingRanks() + 1);
    if (isBoldHeading(paragraph, next, text)) {
      return Math.min(MAX_LEVEL, below + Math.max(0, depth - 1));
    }
    boolean isNumberedHeading =
        depth > 1
            && paragraph.lines().size() == 1
            && paragraph.isAfterGap()
            && text.length() <= MAX_NUMBERED_CHARS
            && next instanceof Paragraph text2
            && text2.isAfterGap();
    return isNumberedHeading ? Math.min(MAX_LEVEL, below + depth - 1) : 0;
  }

  private boolean isBoldHeading(Paragraph paragraph, @Nullable FlowPart next, String text) {
    boolean isBoldNext = next instanceof Paragraph following && following.first().isBold();
    int first = text.codePointAt(0);
    return sizes.isBoldRare()
        && paragraph.isBold()
        && !isBoldNext
        && text.length() <= MAX_BOLD_CHARS
        && (Character.isUpperCase(first) || Character.isDigit(first) || !isCased(first));
  }

  private static boolean isCased(int letter) {
    return Character.isLowerCase(letter) || !Character.isLetter(letter);
  }

  private static boolean isFollowedByText(@Nullable FlowPart next) {
    return switch (next) {
      case null -> false;
      case Item.Table table -> true;
      case Paragraph paragraph -> TextShape.letters(paragraph.first().text()) > 0;
    };
  }
}

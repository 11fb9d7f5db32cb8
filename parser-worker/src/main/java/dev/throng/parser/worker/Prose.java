package dev.throng.parser.worker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gathers lines of running text into paragraphs and list items. */
final class Prose {
  /** A star at the beginning of an Org line marks a heading, which is handled elsewhere. */
  private static final Pattern BULLET = Pattern.compile("\\s*[-*+\u2022]\\s+(\\S.*)");

  /** A line of a sentence may begin with a number, too, but not the first line of a paragraph. */
  private static final Pattern NUMBER =
      Pattern.compile("\\s*(?:\\d{1,3}|[a-zA-Z#])[.)]\\s+(\\S.*)");

  private final TextBuilder text;
  private final StringBuilder words = new StringBuilder();
  private boolean isItem;

  Prose(TextBuilder text) {
    this.text = text;
  }

  /** Adds a line. A blank line ends what was gathered. */
  void line(String line) {
    if (line.isBlank()) {
      end();
      return;
    }
    Matcher bullet = BULLET.matcher(line);
    Matcher number = NUMBER.matcher(line);
    boolean isBullet = bullet.matches();
    boolean isNumber = (words.isEmpty() || isItem) && number.matches();
    if (isBullet || isNumber) {
      end();
      isItem = true;
      words.append(isBullet ? bullet.group(1) : number.group(1)).append('\n');
    } else {
      words.append(line).append('\n');
    }
    if (words.length() > TextBuilder.MAX_BLOCK_CHARS) {
      end();
    }
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  void end() {
    if (isItem) {
      text.listItem(words.toString());
    } else {
      text.paragraph(words.toString());
    }
    words.setLength(0);
    isItem = false;
  }
}

package dev.throng.parser.worker;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Holds a short paragraph until it is known whether a table follows, whose caption it is then. */
final class PendingCaption {
  /** A longer paragraph before a table is not its caption. */
  private static final int MAX_CHARS = 150;

  /** The start of a caption such as {@code Table 3}, in any language. */
  private static final Pattern NUMBERED =
      Pattern.compile("\\p{Lu}\\p{L}{1,12}\\.? ?\\d{1,3}(?:[.-]\\d{1,3})?[.:]? ");

  private final TextBuilder text;
  private @Nullable String paragraph;

  PendingCaption(TextBuilder text) {
    this.text = text;
  }

  /** Holds a paragraph if it may be a caption, otherwise writes it. */
  void paragraph(String words) {
    release();
    if (isCaption(words.strip())) {
      paragraph = words;
    } else {
      text.paragraph(words);
    }
  }

  private static boolean isCaption(String words) {
    boolean isSentence = ".!?".indexOf(words.charAt(words.length() - 1)) >= 0;
    return words.length() <= MAX_CHARS && (!isSentence || NUMBERED.matcher(words).lookingAt());
  }

  /** Writes the held paragraph as one, because no table follows. */
  void release() {
    String held = paragraph;
    paragraph = null;
    if (held != null) {
      text.paragraph(held);
    }
  }

  /** Writes the held paragraph as a caption, because a table follows. */
  void startTable() {
    String held = paragraph;
    paragraph = null;
    if (held != null) {
      text.tableCaption(held);
    }
  }
}

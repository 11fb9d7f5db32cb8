package dev.throng.parser.worker.pdf;

import java.util.regex.Pattern;

/** What the characters of a line say about its place in a text. */
final class TextShape {
  private static final String CLOSING = "\"'\u201d\u2019\u00bb)]}";
  private static final String TERMINALS = ".!?:;\u2026\u3002\uff01\uff1f\uff1a\u061f\u06d4\u0964";

  /** A line is examined for a mark only at its beginning. */
  private static final int MAX_MARK_CHARS = 12;

  private static final Pattern BULLET =
      Pattern.compile(
          "[\u2022\u2023\u25aa\u25ab\u25e6\u25cf\u25cb\u25a0\u25a1\u25b6\u2043\u2219\u00b7\uf0b7\uf0a7"
              + "\u2013\u2014*-]\\s");

  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d{1,3}[.)]|\\([\\da-z]{1,2}\\)|[a-zA-Z][.)]|[ivx]{1,5}[.)])\\s");

  private TextShape() {}

  /** Returns the number of characters, where a character that is a word counts twice. */
  static int weight(String text) {
    int weight = 0;
    for (int i = 0; i < text.length(); i++) {
      weight += isIdeograph(text.charAt(i)) ? 2 : 1;
    }
    return weight;
  }

  static boolean isIdeograph(char c) {
    return c >= 0x2E80 && (c <= 0x9FFF || (c >= 0xF900 && c <= 0xFAFF) || c >= 0xFF00);
  }

  /** Returns the number of words, where two ideographs count as one. */
  static int words(String text) {
    int words = 0;
    int ideographs = 0;
    boolean isBlankBefore = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isBlank = Character.isWhitespace(c);
      words += isBlankBefore && !isBlank ? 1 : 0;
      ideographs += isIdeograph(c) ? 1 : 0;
      isBlankBefore = isBlank;
    }
    return words + ideographs / 2;
  }

  /** Returns whether a line begins with a small letter, or a comma or the like. */
  static boolean startsInSentence(String text) {
    if (text.isEmpty()) {
      return false;
    }
    int first = text.codePointAt(0);
    return Character.isLowerCase(first) || ",;)".indexOf(first) >= 0 || isOfUncasedScript(first);
  }

  /** Returns whether a letter has no capital form, as in Arabic, Hebrew, Thai or Chinese. */
  private static boolean isOfUncasedScript(int letter) {
    return Character.isLetter(letter)
        && !Character.isUpperCase(letter)
        && !Character.isTitleCase(letter);
  }

  static boolean startsWithSmallLetter(String text) {
    return !text.isEmpty() && Character.isLowerCase(text.codePointAt(0));
  }

  /** Returns whether a text ends as a sentence does, perhaps with a quotation mark behind it. */
  static boolean endsSentence(CharSequence text) {
    int end = text.length();
    while (end > 0 && CLOSING.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    int beforeNote = end;
    while (beforeNote > 0
        && end - beforeNote < 2
        && Character.isDigit(text.charAt(beforeNote - 1))) {
      beforeNote--;
    }
    boolean hasNote =
        beforeNote > 0 && beforeNote < end && ".!?".indexOf(text.charAt(beforeNote - 1)) >= 0;
    return end > 0 && (TERMINALS.indexOf(text.charAt(end - 1)) >= 0 || hasNote);
  }

  /** Returns whether dots lead from a title to its page, as in a table of contents. */
  static boolean hasLeader(String text) {
    return text.contains(". . . .") || text.contains(".....") || text.contains("\u2026\u2026");
  }

  static boolean startsWithBullet(String text) {
    return BULLET.matcher(head(text)).lookingAt();
  }

  static boolean startsWithNumber(String text) {
    return NUMBER.matcher(head(text)).lookingAt();
  }

  private static String head(String text) {
    return text.substring(0, Math.min(text.length(), MAX_MARK_CHARS));
  }

  static int letters(String text) {
    return (int) text.codePoints().filter(Character::isLetter).count();
  }
}

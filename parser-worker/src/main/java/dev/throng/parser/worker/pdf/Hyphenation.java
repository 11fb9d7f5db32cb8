package dev.throng.parser.worker.pdf;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The words of a document, by which words at the ends of lines are joined. */
final class Hyphenation {
  /** Further words are not recorded, so that memory is bounded. */
  private static final int MAX_WORDS = 100_000;

  private static final int MAX_CHARS = 40;

  /** Words after the hyphen of a word that is not written in full, as in "pre- and postwar". */
  private static final Set<String> CONJUNCTIONS =
      Set.of("and", "und", "oder", "bzw", "sowie", "och", "og");

  /** Words that compounds with a hyphen begin with, and hardly any other words. */
  private static final Set<String> FIRST_PARTS =
      Set.of("well", "long", "short", "self", "full", "half");

  /** Shorter rests of words, as in "short-age", are no words. */
  private static final int MIN_SECOND_PART = 4;

  private final Set<String> whole = new HashSet<>();

  /** Words with hyphens in the middle of a line. */
  private final Set<String> compounds = new HashSet<>();

  /** The parts of compounds before their first hyphen. */
  private final Set<String> prefixes = new HashSet<>();

  /** Records the words of a line. */
  void add(String line) {
    int start = 0;
    for (int i = 0; i <= line.length(); i++) {
      boolean isInWord = i < line.length() && isOfWord(line.charAt(i));
      if (!isInWord) {
        if (i > start && i - start <= MAX_CHARS && whole.size() < MAX_WORDS) {
          addWord(line.substring(start, i).toLowerCase(Locale.ROOT));
        }
        start = i + 1;
      }
    }
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || isHyphen(c);
  }

  static boolean isHyphen(char c) {
    return c == '-' || c == '\u2010' || c == '\u00ad';
  }

  private void addWord(String word) {
    int hyphen = word.indexOf('-');
    if (hyphen < 0) {
      whole.add(word);
    } else if (hyphen > 0 && hyphen < word.length() - 1 && compounds.size() < MAX_WORDS) {
      if (!word.endsWith("-")) {
        compounds.add(word);
      }
      prefixes.add(word.substring(0, hyphen));
    }
  }

  /** Appends a line to a text, with a blank or as the rest of its last word. */
  void append(StringBuilder text, String line) {
    int last = text.length() - 1;
    if (last < 0) {
      text.append(line);
      return;
    }
    char end = text.charAt(last);
    boolean isHyphenated =
        isHyphen(end)
            && last > 0
            && Character.isLetterOrDigit(text.charAt(last - 1))
            && Character.isLetterOrDigit(line.charAt(0));
    if (!isHyphenated) {
      boolean isContinued = TextShape.isIdeograph(end) && TextShape.isIdeograph(line.charAt(0));
      text.append(isContinued ? "" : " ").append(line);
      return;
    }
    String before = wordBefore(text, last);
    String after = wordAfter(line);
    if (CONJUNCTIONS.contains(after) && !whole.contains(before + after)) {
      text.append(' ');
    } else if (end == '\u00ad' || isJoined(before, after, line.charAt(0))) {
      text.setLength(last);
    }
    text.append(line);
  }

  private boolean isJoined(String before, String after, char next) {
    String tail = before.substring(before.lastIndexOf('-') + 1);
    if (compounds.contains(before + "-" + after) || !Character.isLowerCase(next)) {
      return false;
    }
    if (whole.contains(tail + after)) {
      return true;
    }
    boolean isCompound =
        tail.length() < 2
            || prefixes.contains(before)
            || (FIRST_PARTS.contains(before) && after.length() >= MIN_SECOND_PART)
            || before.codePoints().anyMatch(Character::isDigit);
    return !isCompound;
  }

  private static String wordBefore(StringBuilder text, int end) {
    int start = end;
    while (start > 0 && end - start < MAX_CHARS && isOfWord(text.charAt(start - 1))) {
      start--;
    }
    return text.substring(start, end).toLowerCase(Locale.ROOT);
  }

  private static String wordAfter(String line) {
    int end = 0;
    while (end < line.length() && end < MAX_CHARS && Character.isLetterOrDigit(line.charAt(end))) {
      end++;
    }
    return line.substring(0, end).toLowerCase(Locale.ROOT);
  }
}

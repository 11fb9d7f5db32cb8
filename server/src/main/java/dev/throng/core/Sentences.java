package dev.throng.core;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds sentences by the rules of Unicode. These end a sentence behind any dot that a capital
 * letter follows, so the pieces around ordinals, abbreviations and list marks are joined again.
 */
public final class Sentences {
  /** How much of the end of a piece is looked at. */
  private static final int TAIL_CHARS = 40;

  /** Abbreviations that do not end a sentence, as they are written. */
  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "Abb.",
          "Abs.",
          "approx.",
          "bzw.",
          "ca.",
          "cf.",
          "d. h.",
          "d.h.",
          "Dr.",
          "e.g.",
          "evtl.",
          "Fig.",
          "ggf.",
          "i. d. R.",
          "i.e.",
          "inkl.",
          "Mr.",
          "Mrs.",
          "Ms.",
          "Nr.",
          "Prof.",
          "sog.",
          "u. a.",
          "u.a.",
          "vgl.",
          "Vgl.",
          "vs.",
          "z. B.",
          "z.B.",
          "z. T.",
          "z.T.",
          "zzgl.");

  /** Words behind which a number with a dot is a German ordinal, as in "am 3. Werktag". */
  private static final Set<String> BEFORE_ORDINALS =
      Set.of(
          "ab", "am", "bis", "das", "dem", "den", "der", "des", "die", "im", "jeden", "jeder",
          "jedes", "seit", "vom", "zum", "zur");

  /** Words before which a number with a dot is a German ordinal. */
  private static final Set<String> BEHIND_ORDINALS =
      Set.of(
          "Januar",
          "Jänner",
          "Februar",
          "März",
          "April",
          "Mai",
          "Juni",
          "Juli",
          "August",
          "September",
          "Oktober",
          "November",
          "Dezember",
          "Quartal",
          "Halbjahr",
          "Stock",
          "Obergeschoss",
          "Klasse",
          "Jahrhundert");

  private static final Pattern ORDINAL = Pattern.compile("(?:(\\p{L}+) )?\\p{Nd}{1,2}\\.");

  /** The mark of a list item, which is a piece without the item. */
  private static final Pattern LIST_MARK = Pattern.compile("[(\\[]?(?:\\p{Nd}{1,3}|\\p{L})[.)]");

  /** The first letter of an abbreviation of several, as in "i. d. R.", at the end of a piece. */
  private static final Pattern FIRST_LETTER = Pattern.compile("[\\s(]\\p{Ll}\\.$");

  private static final Pattern NEXT_LETTER = Pattern.compile("\\p{L}\\.");
  private static final Pattern FIRST_WORD = Pattern.compile("\\p{L}+");

  private Sentences() {}

  /**
   * Returns the sentences of a text, in order, each with the blanks behind it. Together they are
   * the whole text.
   */
  public static List<TextRange> in(String text) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    breaks.setText(text);
    List<TextRange> sentences = new ArrayList<>();
    int start = 0;
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      if (end == text.length() || !continues(text, start, end)) {
        sentences.add(new TextRange(start, end));
        start = end;
      }
    }
    return sentences;
  }

  /** Returns whether the sentence of which {@code start} to {@code end} is a part continues. */
  private static boolean continues(String text, int start, int end) {
    String tail = text.substring(Math.max(start, end - TAIL_CHARS), end).stripTrailing();
    if (text.substring(Math.max(0, end - 2), end).indexOf('\n') >= 0 || tail.isEmpty()) {
      return false; // a line ends here
    }
    Matcher next = NEXT_LETTER.matcher(text).region(end, text.length());
    boolean isListMark = end - start <= TAIL_CHARS && LIST_MARK.matcher(tail.strip()).matches();
    return isListMark
        || (FIRST_LETTER.matcher(tail).find() && next.lookingAt())
        || endsWithAbbreviation(tail)
        || endsWithOrdinal(text, tail, end);
  }

  private static boolean endsWithAbbreviation(String tail) {
    for (String abbreviation : ABBREVIATIONS) {
      int before = tail.length() - abbreviation.length() - 1;
      boolean isWord = before < 0 || !Character.isLetterOrDigit(tail.charAt(before));
      if (tail.endsWith(abbreviation) && isWord) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWithOrdinal(String text, String tail, int end) {
    int word = tail.lastIndexOf(' ');
    int before = word < 0 ? -1 : tail.lastIndexOf(' ', word - 1);
    Matcher ordinal = ORDINAL.matcher(tail.substring(before + 1));
    if (!ordinal.matches()) {
      return false;
    }
    String precedes = ordinal.group(1);
    Matcher follows = FIRST_WORD.matcher(text).region(end, text.length());
    return (precedes != null && BEFORE_ORDINALS.contains(precedes.toLowerCase(Locale.ROOT)))
        || (follows.lookingAt() && BEHIND_ORDINALS.contains(follows.group()));
  }
}

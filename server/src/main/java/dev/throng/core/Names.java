package dev.throng.core;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of things and people in a question. They are compared as text, in any case, because no
 * synonym stands for a name.
 */
public final class Names {
  /**
   * Letters and digits joined, or a word with a capital letter and a number after it. The
   * look-ahead is bounded, because it begins again at every hyphen.
   */
  private static final Pattern TYPES =
      compile(
          "\\b(?=[\\p{L}\\d-]{0,40}\\d)(?=[\\p{L}\\d-]{0,40}\\p{L})(?!\\d+(?:st|nd|rd|th|pm|am|h|kg|km)\\b)"
              + "[\\p{L}\\d]+(?:-[\\p{L}\\d]+)*\\b|\\b\\p{Lu}\\p{Ll}+ \\d{1,3}\\b(?![.:,]\\d)");

  /** Words with a capital letter behind another word. In German, these are all nouns. */
  private static final Pattern CAPITALISED = compile("(?<=[\\p{L}\\d,] )\\p{Lu}[\\p{L}\\d-]+");

  private static final Pattern BLANKS_OR_HYPHENS = compile("[\\s\\p{Pd}]+");

  private Names() {}

  private static Pattern compile(String regex) {
    return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** Returns the names of types and numbers, such as "KD-250" and "Aurel 10", as plain text. */
  public static List<String> typesIn(String question) {
    return in(question, TYPES);
  }

  /** Returns the names of types and numbers and all capitalised words, as plain text. */
  public static List<String> allIn(String question) {
    return Stream.concat(in(question, TYPES).stream(), in(question, CAPITALISED).stream())
        .distinct()
        .toList();
  }

  private static List<String> in(String question, Pattern pattern) {
    return pattern.matcher(question).results().map(MatchResult::group).map(Names::plain).toList();
  }

  /** Returns a text in lower case, with a blank for blanks, line ends and hyphens. */
  public static String plain(String text) {
    return BLANKS_OR_HYPHENS.matcher(text).replaceAll(" ").toLowerCase(Locale.ROOT);
  }
}

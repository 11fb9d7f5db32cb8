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
  /** Words, joined by hyphens. Without groups, because they take stack for each repetition. */
  private static final Pattern WORD = compile("(?<![\\p{L}\\d-])[\\p{L}\\d][\\p{L}\\d-]*");

  private static final Pattern LETTER = compile("\\p{L}");
  private static final Pattern DIGIT = compile("\\d");

  /** A number with a unit or an ordinal. */
  private static final Pattern QUANTITY = compile("\\d+(?:st|nd|rd|th|pm|am|h|kg|km)");

  private static final Pattern NUMBERED = compile("\\b\\p{Lu}\\p{Ll}+ \\d{1,3}\\b(?![.:,]\\d)");

  /** Words with a capital letter behind another word. In German, these are all nouns. */
  private static final Pattern CAPITALISED = compile("(?<=[\\p{L}\\d,] )\\p{Lu}[\\p{L}\\d-]+");

  private static final Pattern BLANKS_OR_HYPHENS = compile("[\\s\\p{Pd}]+");

  private Names() {}

  private static Pattern compile(String regex) {
    return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** Returns the names of types and numbers, such as "KD-250" and "Aurel 10", as plain text. */
  public static List<String> typesIn(String question) {
    return Stream.concat(in(question, WORD).filter(Names::isType), in(question, NUMBERED))
        .map(Names::plain)
        .distinct()
        .toList();
  }

  /** Returns the names of types and numbers and all capitalised words, as plain text. */
  public static List<String> allIn(String question) {
    return Stream.concat(typesIn(question).stream(), in(question, CAPITALISED).map(Names::plain))
        .distinct()
        .toList();
  }

  private static Stream<String> in(String question, Pattern pattern) {
    return pattern.matcher(question).results().map(MatchResult::group);
  }

  private static boolean isType(String word) {
    return LETTER.matcher(word).find()
        && DIGIT.matcher(word).find()
        && !QUANTITY.matcher(word).matches();
  }

  /** Returns a text in lower case, with a blank for blanks, line ends and hyphens. */
  public static String plain(String text) {
    return BLANKS_OR_HYPHENS.matcher(text).replaceAll(" ").toLowerCase(Locale.ROOT);
  }
}

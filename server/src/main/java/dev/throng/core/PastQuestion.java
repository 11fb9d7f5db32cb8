package dev.throng.core;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Tells whether a question asks for what was in force in the past: it has a word of English or
 * German that says so, or a year that the superseded text has, too.
 */
public final class PastQuestion {
  private static final Pattern PAST =
      Pattern.compile(
          "(?<!\\bhow )\\bold\\b(?! enough)|\\b(?:former|formerly|previous|previously|used to"
              + "|archived?|superseded|obsolete|withdrawn|back in|back then|at that time|history"
              + "|historical|edition \\d+|no longer valid"
              + "|alte[nmrs]?|frühere?[nmrs]?|ehemalige?[nmrs]?|vorherige?[nmrs]?|bisherige?[nmrs]?"
              + "|damals|archiviert\\w*|ausgabe \\d+|fassung \\d+)\\b",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern YEAR = Pattern.compile("(?<!\\d)(?:19|20)\\d\\d(?!\\d)");

  private final boolean isPast;
  private final List<String> years;

  private PastQuestion(boolean isPast, List<String> years) {
    this.isPast = isPast;
    this.years = years;
  }

  /** Reads a question. */
  public static PastQuestion of(String question) {
    return new PastQuestion(
        PAST.matcher(question).find(),
        YEAR.matcher(question).results().map(MatchResult::group).toList());
  }

  /** Returns whether a superseded passage may answer it. */
  public boolean asksFor(Passage passage) {
    return isPast || hasYear(passage.uri()) || hasYear(passage.title()) || hasYear(passage.text());
  }

  private boolean hasYear(String text) {
    return years.stream().anyMatch(text::contains);
  }
}

package dev.throng.answer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the citations of a text while it streams. The citation [n] of a passage in the prompt
 * passes. Any other citation is removed together with the blank before it. Only text that may be
 * the beginning of a citation is held back, so a citation is never split. Quoted text is left as it
 * is.
 */
final class CitationFilter {
  private static final Pattern CITATION =
      Pattern.compile(" ?\\[\\s*(\\d{1,4}(?:\\s*,\\s*\\d{1,4})*)\\s*\\]");

  /**
   * Text that may still become a citation: at the text's end, a blank, or an open bracket with
   * numbers. The limit is longer than any real list of passages.
   */
  private static final Pattern BEGINNING = Pattern.compile(" ?(?:\\[[\\d\\s,]{0,1000})?\\z");

  private final int passages;
  private final boolean isQuoted;
  private final StringBuilder held = new StringBuilder();
  private int removed;

  /**
   * Creates a filter.
   *
   * @param passages the number of passages in the prompt; valid citations are 1 to this number
   * @param isQuoted whether the text is quoted, see {@link
   *     dev.throng.backend.Generator#isQuoting()}
   */
  CitationFilter(int passages, boolean isQuoted) {
    this.passages = passages;
    this.isQuoted = isQuoted;
  }

  /**
   * Accepts raw text, and returns the deliverable part of it and of the held-back text; may be
   * empty.
   */
  String append(String raw) {
    if (isQuoted) {
      return raw;
    }
    held.append(raw);
    Matcher beginning = BEGINNING.matcher(held);
    int end = beginning.find() ? beginning.start() : held.length();
    String ready = held.substring(0, end);
    held.delete(0, end);
    return checked(ready);
  }

  /** Returns the held-back text at the end. */
  String finish() {
    String rest = held.toString();
    held.setLength(0);
    return checked(rest);
  }

  /** Returns the number of characters of raw text that were accepted but not returned yet. */
  int heldChars() {
    return held.length();
  }

  int removed() {
    return removed;
  }

  private String checked(String text) {
    if (text.indexOf('[') < 0) {
      return text;
    }
    return CITATION
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(valid(match.group(), match.group(1))));
  }

  private String valid(String citation, String numbers) {
    StringBuilder kept = new StringBuilder();
    for (String number : numbers.split(",", -1)) {
      int n = Integer.parseInt(number.strip());
      if (n >= 1 && n <= passages) {
        kept.append(kept.isEmpty() ? "" : ", ").append(n);
      } else {
        removed++;
      }
    }
    if (kept.isEmpty()) {
      return "";
    }
    return (citation.startsWith(" ") ? " [" : "[") + kept + "]";
  }
}

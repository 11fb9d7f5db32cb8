package dev.throng.answer;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the citations of a text while it streams: [n] of a passage that was in the prompt passes,
 * any other is taken out, with the blank before it. Only what may be the beginning of a citation is
 * held back, so none is ever split.
 */
final class CitationFilter {
  private static final Pattern CITATION =
      Pattern.compile(" ?\\[\\s*(\\d{1,4}(?:\\s*,\\s*\\d{1,4})*)\\s*\\]");

  /**
   * What may still become a citation: at the text's end, a blank, or an open bracket with numbers.
   * Longer than any list of passages is written.
   */
  private static final Pattern BEGINNING = Pattern.compile(" ?(?:\\[[\\d\\s,]{0,1000})?\\z");

  private final int passages;
  private final StringBuilder held = new StringBuilder();
  private final Set<Integer> cited = new TreeSet<>();
  private int removed;

  /**
   * @param passages how many there are in the prompt; valid numbers are 1 to this
   */
  CitationFilter(int passages) {
    this.passages = passages;
  }

  /**
   * Takes raw text and returns what can be delivered of it and of what was held back; may be empty.
   */
  String feed(String raw) {
    held.append(raw);
    Matcher beginning = BEGINNING.matcher(held);
    int end = beginning.find() ? beginning.start() : held.length();
    String ready = held.substring(0, end);
    held.delete(0, end);
    return checked(ready);
  }

  /** What was held back, at the end of the text. */
  String finish() {
    String rest = held.toString();
    held.setLength(0);
    return checked(rest);
  }

  /** Characters of raw text taken but not yet given out. */
  int heldChars() {
    return held.length();
  }

  Set<Integer> cited() {
    return Set.copyOf(cited);
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
        cited.add(n);
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

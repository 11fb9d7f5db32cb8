package dev.throng.core;

import java.util.List;

/**
 * Texts that end an answer: it stops before the first of them that it comes to hold whole, so it
 * holds none. In which order they were given changes nothing.
 *
 * @param texts none of them empty; sorted, each once
 */
public record StopStrings(List<String> texts) {
  public static final StopStrings NONE = new StopStrings(List.of());

  public StopStrings {
    if (texts.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("texts: %s (expected: none empty)".formatted(texts));
    }
    texts = texts.stream().distinct().sorted().toList();
  }

  public static StopStrings of(String... texts) {
    return new StopStrings(List.of(texts));
  }

  /**
   * Where the first one begins, by where they end: what is made character by character stops at the
   * first end. Of two that end together the longer one counts.
   *
   * @return -1 when there is none
   */
  public int firstIn(String text) {
    int first = -1;
    int firstEnd = Integer.MAX_VALUE;
    for (String stop : texts) {
      int at = text.indexOf(stop);
      int end = at + stop.length();
      if (at >= 0 && (end < firstEnd || (end == firstEnd && at < first))) {
        first = at;
        firstEnd = end;
      }
    }
    return first;
  }

  /** How many characters at the text's end may be the beginning of one; whole ones left out. */
  public int begunAtEndOf(String text) {
    int longest = 0;
    for (String stop : texts) {
      for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
        if (text.regionMatches(text.length() - length, stop, 0, length)) {
          longest = length;
        }
      }
    }
    return longest;
  }
}

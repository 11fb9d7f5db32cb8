package dev.throng.core;

import java.util.List;

/**
 * Texts that end an answer. The answer ends before the first of them that it completely contains,
 * so it contains none. The order in which they were given does not matter.
 *
 * @param texts non-empty texts, sorted and without duplicates
 */
public record StopStrings(List<String> texts) {
  public static final StopStrings NONE = new StopStrings(List.of());

  public StopStrings {
    if (texts.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("texts: %s (expected: no empty text)".formatted(texts));
    }
    texts = texts.stream().distinct().sorted().toList();
  }

  public static StopStrings of(String... texts) {
    return new StopStrings(List.of(texts));
  }

  /**
   * Returns the offset of the stop string that ends first, because text that grows character by
   * character stops at the first end. Of two that end at the same offset, the longer one counts.
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

  /**
   * Returns how many characters at the end of the text may be the beginning of a stop string.
   * Complete stop strings are not counted.
   */
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

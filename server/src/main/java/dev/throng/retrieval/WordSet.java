package dev.throng.retrieval;

import java.util.Arrays;

/**
 * The words of a text as sorted hashes, ignoring case. A set is built and compared for every
 * candidate of every question, so it avoids an object per word. Two words with the same hash count
 * as equal. With 32 bits and a few hundred words, that is too rare to matter.
 */
final class WordSet {
  private static final int HASH_FACTOR = 31;

  private final int[] words;
  private final int[] numbers;

  private WordSet(int[] words, int[] numbers) {
    this.words = words;
    this.numbers = numbers;
  }

  static WordSet of(String text) {
    int[] words = new int[text.length() / 2 + 1]; // a word and a blank take two characters
    int[] numbers = new int[words.length];
    int wordCount = 0;
    int numberCount = 0;
    int hash = 0;
    boolean isInWord = false;
    boolean hasDigit = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) {
        isInWord = true;
        hash = HASH_FACTOR * hash + Character.toLowerCase(c);
        hasDigit |= Character.isDigit(c);
      } else if (isInWord) {
        words[wordCount++] = hash;
        if (hasDigit) {
          numbers[numberCount++] = hash;
        }
        hash = 0;
        isInWord = false;
        hasDigit = false;
      }
    }
    return new WordSet(distinct(words, wordCount), distinct(numbers, numberCount));
  }

  /** Returns whether the words that contain a digit are the same. */
  boolean hasSameNumbers(WordSet other) {
    return Arrays.equals(numbers, other.numbers);
  }

  /** Returns the share of all words that both sets contain (Jaccard), or 1 when both are empty. */
  double overlap(WordSet other) {
    int common = 0;
    int i = 0;
    int j = 0;
    while (i < words.length && j < other.words.length) {
      int order = Integer.compare(words[i], other.words[j]);
      common += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    int union = words.length + other.words.length - common;
    return union == 0 ? 1 : (double) common / union;
  }

  private static int[] distinct(int[] hashes, int count) {
    Arrays.sort(hashes, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || hashes[i] != hashes[i - 1]) {
        hashes[kept++] = hashes[i];
      }
    }
    return Arrays.copyOf(hashes, kept);
  }
}

package dev.throng.store;

/** The weight of a word: the rarer it is, the higher. */
public final class Rarity {
  private Rarity() {}

  /**
   * Returns the inverse document frequency as in BM25 (Robertson and Zaragoza, 2009), which is
   * never negative.
   *
   * @param frequency number of chunks that contain the word
   * @param chunks total number of chunks; it may be lower than {@code frequency} if they were
   *     counted at different times
   */
  public static double of(int frequency, int chunks) {
    int among = Math.max(chunks, frequency);
    return Math.log(1 + (among - frequency + 0.5) / (frequency + 0.5));
  }
}

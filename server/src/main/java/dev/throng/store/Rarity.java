package dev.throng.store;

/** What a word counts: the rarer it is, the more. */
public final class Rarity {
  private Rarity() {}

  /**
   * The inverse document frequency as BM25 weighs it (Robertson and Zaragoza, 2009); never
   * negative.
   *
   * @param frequency chunks that have the word
   * @param chunks of all; where the two were counted at different moments, fewer count as enough
   */
  public static double of(int frequency, int chunks) {
    int among = Math.max(chunks, frequency);
    return Math.log(1 + (among - frequency + 0.5) / (frequency + 0.5));
  }
}

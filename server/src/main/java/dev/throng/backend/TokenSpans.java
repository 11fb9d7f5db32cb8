package dev.throng.backend;

/** The character ranges of a text's tokens, in order. */
public final class TokenSpans {
  private final int[] starts;
  private final int[] ends;

  /**
   * Takes both arrays over.
   *
   * @param starts first character of each token, not descending
   * @param ends behind the last character of each token
   */
  public TokenSpans(int[] starts, int[] ends) {
    if (starts.length != ends.length) {
      throw new IllegalArgumentException(
          "ends: %d (expected: %d, one a start)".formatted(ends.length, starts.length));
    }
    this.starts = starts;
    this.ends = ends;
  }

  public int count() {
    return starts.length;
  }

  public int start(int token) {
    return starts[token];
  }

  public int end(int token) {
    return ends[token];
  }

  /** How many tokens begin in the character range. */
  public int countIn(int from, int to) {
    return firstAt(to) - firstAt(from);
  }

  /**
   * The first token that begins at or behind {@code position}; {@link #count} when there is none.
   */
  public int firstAt(int position) {
    int low = 0;
    int high = starts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts[middle] < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

package dev.throng.backend;

/** The character ranges of a text's tokens, in order. */
public final class TokenSpans {
  private final int[] starts;
  private final int[] ends;

  /**
   * Takes ownership of both arrays.
   *
   * @param starts offset of the first character of each token, in ascending order
   * @param ends offset after the last character of each token
   */
  public TokenSpans(int[] starts, int[] ends) {
    if (starts.length != ends.length) {
      throw new IllegalArgumentException(
          "ends: %d (expected: %d, one per start)".formatted(ends.length, starts.length));
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

  /** Returns how many tokens begin in the range of characters. */
  public int countIn(int from, int to) {
    return firstAt(to) - firstAt(from);
  }

  /**
   * Returns the first token that begins at or after {@code position}, or {@link #count} when there
   * is none.
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

package dev.throng.core;

/**
 * A range of a text.
 *
 * @param start offset of the first character
 * @param end offset after the last character
 */
public record TextRange(int start, int end) {
  /** Returns the characters of this range. */
  public String of(String text) {
    return text.substring(start, end);
  }
}

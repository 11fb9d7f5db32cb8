package dev.throng.core;

import java.util.List;

/**
 * Where lines of a document's text stand on one of its pages. Positions are in points (1/72 inch)
 * from the upper left corner of the page as it is displayed.
 *
 * @param page page, from 1
 * @param width width of the page
 * @param height height of the page
 * @param lines in the order of the text
 */
public record PageLayout(int page, float width, float height, List<Line> lines) {
  public PageLayout {
    lines = List.copyOf(lines);
  }

  /**
   * A line.
   *
   * @param start offset of its first character in the document's text
   * @param end offset after its last character
   */
  public record Line(int start, int end, float left, float top, float width, float height) {
    /** Returns whether some of its characters are in a range of the document's text. */
    public boolean isIn(int from, int to) {
      return start < to && end > from;
    }
  }
}

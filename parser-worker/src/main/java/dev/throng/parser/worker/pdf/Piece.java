package dev.throng.parser.worker.pdf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text on a baseline without a wide gap, or a table that is placed like one. Coordinates are in
 * points, those of its {@link Frame}.
 *
 * @param size of its font; 0 for a table
 * @param blanks the number of blanks that are drawn before it
 * @param grid null for text
 */
record Piece(
    String text,
    float left,
    float right,
    float baseline,
    float size,
    boolean isBold,
    int blanks,
    @Nullable Grid grid) {

  /**
   * A table with its place.
   *
   * @param rows each with the same number of cells. A cell is the pieces in it, in reading order
   */
  record Grid(float left, float top, float right, float bottom, List<List<List<Piece>>> rows) {}

  /** The part of the font's size that is above the baseline. */
  static final float ASCENT = 0.8f;

  /** The part of the font's size that is below the baseline. */
  static final float DESCENT = 0.22f;

  float width() {
    return right - left;
  }

  float top() {
    return grid == null ? baseline - ASCENT * size : grid.top();
  }

  float bottom() {
    return grid == null ? baseline + DESCENT * size : grid.bottom();
  }
}

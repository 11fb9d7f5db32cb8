package dev.throng.parser.worker.pdf;

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

  Piece withText(String other) {
    return new Piece(other, left, right, baseline, size, isBold, blanks, grid);
  }

  boolean isBlank() {
    return grid == null && text.isBlank();
  }
}

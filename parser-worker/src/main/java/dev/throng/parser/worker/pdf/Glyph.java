package dev.throng.parser.worker.pdf;

/**
 * A character as it is drawn. Coordinates are in points, those of its {@link Frame}.
 *
 * @param text usually one character; several for a ligature
 * @param right where the next glyph is expected, without additional spacing
 */
record Glyph(String text, float left, float right, float baseline, float size, boolean isBold) {
  boolean isBlank() {
    return text.isBlank();
  }
}

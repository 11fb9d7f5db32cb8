package dev.throng.parser.worker.pdf;

/**
 * The coordinates of text with one direction: right along its lines, and down from line to line.
 * Those of upright text are the page's own.
 */
final class Frame {
  private final int degrees;
  private final double cos;
  private final double sin;

  /**
   * Creates a frame.
   *
   * @param degrees the angle between the page's top edge and the text, clockwise
   */
  Frame(int degrees) {
    this.degrees = degrees;
    this.cos = degrees % 90 == 0 ? Math.rint(Math.cos(Math.toRadians(degrees))) : cosOf(degrees);
    this.sin = degrees % 90 == 0 ? Math.rint(Math.sin(Math.toRadians(degrees))) : sinOf(degrees);
  }

  private static double cosOf(int degrees) {
    return Math.cos(Math.toRadians(degrees));
  }

  private static double sinOf(int degrees) {
    return Math.sin(Math.toRadians(degrees));
  }

  int degrees() {
    return degrees;
  }

  float along(float x, float y) {
    return (float) (x * cos + y * sin);
  }

  float down(float x, float y) {
    return (float) (y * cos - x * sin);
  }

  /** Returns the smallest upright box on the page that encloses a box of this frame. */
  Box onPage(float left, float top, float right, float bottom) {
    float[] x = {x(left, top), x(right, top), x(left, bottom), x(right, bottom)};
    float[] y = {y(left, top), y(right, top), y(left, bottom), y(right, bottom)};
    return new Box(least(x), least(y), most(x), most(y));
  }

  private float x(float along, float down) {
    return (float) (along * cos - down * sin);
  }

  private float y(float along, float down) {
    return (float) (along * sin + down * cos);
  }

  private static float least(float[] values) {
    return Math.min(Math.min(values[0], values[1]), Math.min(values[2], values[3]));
  }

  private static float most(float[] values) {
    return Math.max(Math.max(values[0], values[1]), Math.max(values[2], values[3]));
  }

  /** A box on the page, in points from its upper left corner. */
  record Box(float left, float top, float right, float bottom) {}
}

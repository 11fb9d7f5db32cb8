package dev.throng.parser.worker.pdf;

import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;

/**
 * Converts the coordinates of a page's content, which count from its lower left corner before it is
 * rotated, into those of the page as displayed, which count from its upper left corner.
 */
final class PageSpace {
  private final PDRectangle crop;
  private final int rotation;

  PageSpace(PDPage page) {
    this.crop = page.getCropBox();
    this.rotation = Math.floorMod(page.getRotation(), 360);
  }

  private boolean isTurned() {
    return rotation == 90 || rotation == 270;
  }

  float width() {
    return isTurned() ? crop.getHeight() : crop.getWidth();
  }

  float height() {
    return isTurned() ? crop.getWidth() : crop.getHeight();
  }

  float cropLeft() {
    return crop.getLowerLeftX();
  }

  float cropBottom() {
    return crop.getLowerLeftY();
  }

  /** Returns the place to the right of a point, whose coordinates count from the crop box. */
  float x(float x, float y) {
    return switch (rotation) {
      case 90 -> y;
      case 180 -> crop.getWidth() - x;
      case 270 -> crop.getHeight() - y;
      default -> x;
    };
  }

  /** Returns the place below the top of a point, whose coordinates count from the crop box. */
  float y(float x, float y) {
    return switch (rotation) {
      case 90 -> x;
      case 180 -> y;
      case 270 -> crop.getWidth() - x;
      default -> crop.getHeight() - y;
    };
  }

  /**
   * Returns the direction of a vector, clockwise from the right.
   *
   * @return degrees, -179 to 180; near a right angle exactly that
   */
  int degrees(float right, float up) {
    double turned = Math.toDegrees(Math.atan2(-up, right)) + rotation;
    long angle = Math.round(turned);
    long nearest = 90 * Math.round(turned / 90);
    int exact = (int) (Math.abs(turned - nearest) <= 3 ? nearest : angle);
    int positive = Math.floorMod(exact, 360);
    return positive > 180 ? positive - 360 : positive;
  }
}

package dev.throng.parser.worker.pdf;

/**
 * A drawn line that is horizontal or vertical.
 *
 * @param at its place: down for a horizontal one, right for a vertical one
 */
record Rule(float at, float from, float to) {
  /** How far lines that are meant to meet may be apart, in points. */
  static final float TOLERANCE = 2f;

  boolean covers(float place) {
    return from - TOLERANCE <= place && place <= to + TOLERANCE;
  }
}

package dev.throng.parser.api;

/**
 * A page, slide or sheet of a document.
 *
 * @param number from 1, in the order of the file
 * @param label what its readers call it: the printed number of a page, such as {@code iv}, or the
 *     name of a sheet; the number itself when there is no other
 * @param width in points (1/72 inch), as it is displayed; 0 when the positions of its text are not
 *     known
 * @param height in points
 */
public record ParsedPage(int number, String label, float width, float height) {
  /** A page about which only its number is known. */
  public static ParsedPage of(int number) {
    return new ParsedPage(number, Integer.toString(number), 0, 0);
  }
}

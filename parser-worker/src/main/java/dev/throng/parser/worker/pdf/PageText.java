package dev.throng.parser.worker.pdf;

import dev.throng.parser.api.ParsedPage;
import java.util.List;

/**
 * The text of a page before it is put in order.
 *
 * @param parts by their directions, the main one first
 * @param asides texts without a position, such as comments
 */
record PageText(ParsedPage page, List<Part> parts, List<String> asides) {
  /**
   * Text with one direction.
   *
   * @param degrees of its {@link Frame}
   * @param pieces sorted by their baselines
   * @param horizontals lines, sorted, in the frame's coordinates
   * @param verticals lines, sorted, in the frame's coordinates
   */
  record Part(int degrees, List<Piece> pieces, List<Rule> horizontals, List<Rule> verticals) {}
}

package dev.throng.index;

import dev.throng.parser.api.ParsedBlock.Kind;
import java.util.List;

/**
 * The smallest piece of text that is kept together: a heading, a sentence, a line, a list item or a
 * table row.
 *
 * @param block the number of its block
 * @param start offset of the first character in the document's text
 * @param end offset after the last character
 * @param context what stands above it
 * @param section the headings above it, joined by " > "; a heading's own text included
 * @param pages the pages on which it stands, in order; never empty
 * @param isQuoted whether it repeats an earlier text
 */
record Atom(
    Kind kind,
    int block,
    int start,
    int end,
    int tokens,
    Context context,
    String section,
    List<PageStart> pages,
    boolean isQuoted) {

  /**
   * The beginning of a page inside a text.
   *
   * @param at offset in the document's text
   * @param page page, from 1; 0 when the format has none
   * @param label what readers call it; empty when there is none
   */
  record PageStart(int at, int page, String label) {}

  boolean isHeading() {
    return kind == Kind.HEADING;
  }

  boolean isTableRow() {
    return kind == Kind.TABLE_ROW;
  }
}

package dev.throng.index;

import dev.throng.parser.api.ParsedBlock.Kind;

/**
 * The smallest piece that is moved as a whole: a heading, a sentence, a list item or a table row.
 *
 * @param block the number of the block that it is of
 * @param start first character in the document's text
 * @param end behind the last one
 */
record Atom(Kind kind, int block, int page, int start, int end, int tokens, Context context) {
  boolean isHeading() {
    return kind == Kind.HEADING;
  }

  boolean isTableRow() {
    return kind == Kind.TABLE_ROW;
  }
}

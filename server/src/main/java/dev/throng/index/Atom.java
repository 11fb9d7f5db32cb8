package dev.throng.index;

import dev.throng.parser.api.ParsedBlock.Kind;

/**
 * The smallest piece of text that is kept together: a heading, a sentence, a list item or a table
 * row.
 *
 * @param block the number of its block
 * @param start offset of the first character in the document's text
 * @param end offset after the last character
 */
record Atom(Kind kind, int block, int page, int start, int end, int tokens, Context context) {
  boolean isHeading() {
    return kind == Kind.HEADING;
  }

  boolean isTableRow() {
    return kind == Kind.TABLE_ROW;
  }
}

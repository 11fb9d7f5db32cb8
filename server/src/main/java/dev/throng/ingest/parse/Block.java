package dev.throng.ingest.parse;

/**
 * A piece of a document's text that belongs together.
 *
 * @param level 1 to 6 for a heading, else 0
 * @param page page, slide or sheet from 1; 0 when the format has none
 * @param start first character in the document's text
 * @param end behind the last one
 */
public record Block(Kind kind, int level, int page, int start, int end) {
  /** What the piece is. */
  public enum Kind {
    HEADING,
    PARAGRAPH,
    LIST_ITEM,
    TABLE_HEADER,
    TABLE_ROW,
    CODE
  }
}

package dev.throng.parser.api;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a document's text that belongs together. The document's text consists of all pieces in
 * order, each after its {@link #separator}.
 *
 * @param level 1 to 6 for a heading, otherwise 0
 * @param page page, slide or sheet, from 1; 0 when the format has none
 * @param text never blank
 */
public record ParsedBlock(Kind kind, int level, int page, String text) {
  /** The kind of a piece. */
  public enum Kind {
    HEADING,
    PARAGRAPH,
    LIST_ITEM,
    TABLE_HEADER,
    TABLE_ROW,
    CODE
  }

  /** Returns the separator between a piece and the one before it, which is null for the first. */
  public static String separator(@Nullable Kind before, Kind kind) {
    if (before == null) {
      return "";
    }
    boolean continuesList = kind == Kind.LIST_ITEM && before == Kind.LIST_ITEM;
    boolean continuesTable =
        kind == Kind.TABLE_ROW && (before == Kind.TABLE_ROW || before == Kind.TABLE_HEADER);
    return continuesList || continuesTable ? "\n" : "\n\n";
  }
}

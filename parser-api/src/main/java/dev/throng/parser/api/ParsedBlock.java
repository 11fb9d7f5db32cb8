package dev.throng.parser.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a document's text that belongs together. The document's text consists of all pieces in
 * order, each after its {@link #separator}.
 *
 * @param level 1 to 6 for a heading, otherwise 0
 * @param page page, slide or sheet on which it begins, from 1; 0 when the format has none
 * @param text never blank
 * @param lines its lines in order, where their positions are known; otherwise empty. The first one
 *     starts at 0. A block whose lines stand on several pages continues over their borders
 * @param isQuoted whether it repeats an earlier text, such as the message that a mail answers
 */
public record ParsedBlock(
    Kind kind, int level, int page, String text, List<TextLine> lines, boolean isQuoted) {
  /** The kind of a piece. */
  public enum Kind {
    HEADING,
    PARAGRAPH,
    LIST_ITEM,
    TABLE_HEADER,
    TABLE_ROW,
    CODE,
    /**
     * One of several lines whose line ends are significant, as in a settings file or an address.
     */
    LINE,
    /** The title of the table that follows it. */
    TABLE_CAPTION
  }

  /** A block whose lines are not known. */
  public ParsedBlock(Kind kind, int level, int page, String text) {
    this(kind, level, page, text, List.of(), false);
  }

  /** Returns the page on which the character at an offset of the text stands. */
  public int pageAt(int offset) {
    int found = page;
    for (TextLine line : lines) {
      if (line.start() > offset) {
        break;
      }
      found = line.page();
    }
    return found;
  }

  /** Returns the separator between a piece and the one before it, which is null for the first. */
  public static String separator(@Nullable Kind before, Kind kind) {
    if (before == null) {
      return "";
    }
    boolean continuesLines = kind == before && (kind == Kind.LIST_ITEM || kind == Kind.LINE);
    boolean isInTable = kind == Kind.TABLE_ROW || kind == Kind.TABLE_HEADER;
    boolean isUnderHeader = before == Kind.TABLE_ROW || before == Kind.TABLE_HEADER;
    boolean continuesTable =
        (isInTable && before == Kind.TABLE_CAPTION) || (kind == Kind.TABLE_ROW && isUnderHeader);
    return continuesLines || continuesTable ? "\n" : "\n\n";
  }
}

package dev.throng.parser.worker;

import dev.throng.parser.api.ParsedPage;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Converts HTML elements into blocks as they begin and end. The source is {@link Html}, or Tika
 * with the XHTML that it produces for every other format. Text outside of a block element is
 * gathered into a paragraph. Nothing is recursive, so depth uses no stack.
 */
final class Markup {
  /** A cell with more text is not a cell: its table is used for the layout of a page. */
  private static final int MAX_CELL_CHARS = 2_000;

  private static final int MAX_HEADING_LEVEL = 6;

  /** The first text of a slide is its title if it is at most this long. */
  private static final int MAX_SLIDE_TITLE_CHARS = 120;

  private final TextBuilder text;
  private final PendingCaption caption;
  private final StringBuilder loose = new StringBuilder();
  private final Deque<Table> tables = new ArrayDeque<>();
  private int skipped;
  private int page;
  private boolean isListItem;
  private String itemMark = ListNumbers.DASH;
  private boolean isSlideStart;
  private boolean isSheet;
  private int preDepth;
  private int headingLevel;
  private int cellDepth;
  private boolean isHeaderCell;
  private CellSpan cellSpan = CellSpan.ONE;
  private boolean isCovered;
  private boolean isMarkedHeading;

  /** The depth of the table whose cells are read. Tables inside it are flattened. 0 means none. */
  private int tableDepth;

  private boolean isLayout;
  private @Nullable String pendingHeading;
  private boolean isBeforeCells;

  Markup(TextBuilder text) {
    this.text = text;
    this.caption = new PendingCaption(text);
  }

  /** Starts a page, slide or sheet. */
  void page() {
    page(Integer.toString(page + 1));
  }

  /**
   * Starts a page, slide or sheet.
   *
   * @param label what its readers call it
   */
  void page(String label) {
    flush();
    caption.release();
    page++;
    text.page(new ParsedPage(page, label, 0, 0));
  }

  /** Starts or ends a sheet, which may contain several tables. */
  void sheet(boolean isSheet) {
    flush();
    this.isSheet = isSheet;
  }

  /** Starts a slide whose title is not marked as such. */
  void slide() {
    page();
    isSlideStart = true;
  }

  /** Sets the name of a part, which is omitted when the part has no text. */
  void partName(String name) {
    flush();
    caption.release();
    pendingHeading = name;
  }

  void partEnd() {
    flush();
    caption.release();
    pendingHeading = null;
  }

  void text(CharSequence words) {
    if (skipped == 0) {
      loose.append(words);
      if (loose.length() > 2 * TextBuilder.MAX_BLOCK_CHARS) {
        overflow();
      }
    }
  }

  void begin(String name) {
    begin(name, CellSpan.ONE);
  }

  /**
   * Begins an element.
   *
   * @param span of a cell
   */
  void begin(String name, CellSpan span) {
    if (skipped > 0 || HtmlNames.SKIPPED.contains(name)) {
      skipped += HtmlNames.SKIPPED.contains(name) ? 1 : 0;
      return;
    }
    switch (name) {
      case "h1", "h2", "h3", "h4", "h5", "h6" -> {
        end();
        headingLevel = cellDepth > 0 ? 0 : name.charAt(1) - '0';
      }
      case "ul", "ol", "menu" -> end();
      case "li" -> {
        end();
        isListItem = cellDepth == 0;
        itemMark = ListNumbers.DASH;
      }
      case "pre" -> {
        end();
        preDepth += cellDepth > 0 ? 0 : 1;
      }
      case "table" -> beginTable();
      case "td", "th" -> beginCell(name.equals("th"), span);
      default -> {
        if (HtmlNames.BLOCKS.contains(name)) {
          boundary();
        }
      }
    }
  }

  void end(String name) {
    if (skipped > 0) {
      skipped -= HtmlNames.SKIPPED.contains(name) ? 1 : 0;
      return;
    }
    switch (name) {
      case "h1", "h2", "h3", "h4", "h5", "h6" -> {
        end();
        headingLevel = 0;
      }
      case "ul", "ol", "menu" -> end();
      case "li" -> {
        end();
        isListItem = false;
      }
      case "pre" -> {
        end();
        preDepth = Math.max(0, preDepth - 1);
      }
      case "table" -> endTable();
      case "td", "th" -> endCell();
      case "tr" -> {
        if (tableDepth == 1 && !isLayout) {
          tables.element().endRow();
        } else {
          boundary();
        }
      }
      default -> {
        if (HtmlNames.BLOCKS.contains(name)) {
          endBlock();
        }
      }
    }
  }

  private void endBlock() {
    if (isMarkedHeading) {
      flush();
      isMarkedHeading = false;
      headingLevel = 0;
    } else {
      boundary();
    }
  }

  /** Ends the document. */
  void finish() {
    while (!tables.isEmpty()) {
      endTable();
    }
    flush();
    caption.release();
  }

  private void beginTable() {
    tableDepth++;
    if (tableDepth == 1) {
      flush();
      caption.startTable();
      isBeforeCells = true;
      isListItem = false;
      isLayout = false;
      tables.push(new Table(isSheet ? new SheetRows(text) : new TableRows(text)));
    } else {
      boundary();
    }
  }

  private void endTable() {
    if (tableDepth == 0) {
      return;
    }
    if (tableDepth == 1) {
      if (!isLayout) {
        endCell();
        tables.element().end();
      }
      flush();
      tables.pop();
      cellDepth = 0;
      isLayout = false;
    }
    tableDepth--;
    if (tableDepth == 0) {
      tables.clear();
    }
    boundary();
  }

  private void beginCell(boolean isHeader, CellSpan span) {
    if (tableDepth == 1 && !isLayout) {
      if (cellDepth == 0) {
        flushHeading();
        flush(); // text between cells, as in a caption
      }
      isBeforeCells = false;
      cellDepth = 1;
      isHeaderCell = isHeader;
      cellSpan = span;
      isCovered = false;
    } else {
      boundary();
    }
  }

  private void endCell() {
    if (tableDepth == 1 && cellDepth == 1 && !isLayout) {
      cellDepth = 0;
      if (isCovered) {
        tables.element().coveredFromAbove(cellSpan.columns());
        take();
      } else {
        tables.element().cell(take(), isHeaderCell, cellSpan);
      }
    } else {
      boundary();
    }
  }

  /** Sets the properties of the current cell that its markup does not have. */
  void cell(CellSpan span, boolean isCoveredFromAbove, boolean isHeader) {
    if (tableDepth == 1) {
      cellSpan = span;
      isCovered = isCoveredFromAbove;
      isHeaderCell |= isHeader;
    }
  }

  /** Sets what stands before the current item of a list, such as {@code 2.} */
  void itemMark(String mark) {
    if (isListItem) {
      itemMark = mark;
    } else if (!mark.equals(ListNumbers.DASH)) {
      text(mark + " "); // a cell keeps its items together
    }
  }

  /** Makes the current paragraph a heading, until its end. */
  void heading(int level) {
    if (cellDepth == 0) {
      headingLevel = Math.min(level, MAX_HEADING_LEVEL);
      isMarkedHeading = true;
    }
  }

  /** Ends a block, or separates words inside a cell, an item, a heading or code. */
  private void boundary() {
    if (cellDepth > 0) {
      loose.append(' ');
      if (loose.length() > MAX_CELL_CHARS) {
        turnIntoLayout();
      }
    } else if (preDepth > 0) {
      loose.append('\n');
    } else if (isListItem || headingLevel > 0) {
      loose.append(' ');
    } else {
      flush();
    }
  }

  /** Like {@link #boundary}, but only a cell keeps its content together. */
  private void end() {
    if (cellDepth > 0) {
      boundary();
    } else {
      flush();
    }
  }

  private void overflow() {
    if (cellDepth > 0) {
      turnIntoLayout();
    } else {
      flush();
    }
  }

  private void turnIntoLayout() {
    isLayout = true;
    cellDepth = 0;
    tables.element().end();
    flush();
  }

  private String take() {
    String words = loose.toString();
    loose.setLength(0);
    return words;
  }

  private void flushHeading() {
    String heading = pendingHeading;
    if (heading != null) {
      pendingHeading = null;
      text.part(heading);
    }
  }

  private void flush() {
    String words = take();
    if (words.isBlank()) {
      return;
    }
    flushHeading();
    caption.release();
    if (preDepth > 0) {
      text.code(words);
    } else if (headingLevel > 0) {
      text.heading(headingLevel, words);
    } else if (isListItem) {
      text.listItem(itemMark, words);
      isListItem = false; // further blocks of the item are paragraphs
    } else if (isSlideStart && words.strip().length() <= MAX_SLIDE_TITLE_CHARS) {
      text.heading(2, words);
    } else if (tableDepth == 1 && isBeforeCells && !isLayout) {
      text.tableCaption(words);
    } else {
      caption.paragraph(words);
    }
    isSlideStart = false;
  }
}

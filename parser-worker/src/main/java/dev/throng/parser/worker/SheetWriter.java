package dev.throng.parser.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.poi.ss.util.CellAddress;
import org.apache.poi.xssf.eventusermodel.XSSFSheetXMLHandler.SheetContentsHandler;
import org.apache.poi.xssf.usermodel.XSSFComment;
import org.apache.tika.sax.XHTMLContentHandler;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Writes the cells of a sheet in their columns, with blank rows and merged cells. */
final class SheetWriter implements SheetContentsHandler {
  /** Further empty rows or columns between cells are left out. */
  private static final int MAX_GAP = 256;

  private final XHTMLContentHandler out;
  private final SheetContentsHandler inherited;
  private final Map<CellAddress, CellSpan> merged;
  private final Function<CellAddress, @Nullable String> links;

  /** The last row that a merged cell covers, by column. */
  private final Map<Integer, Integer> coveredUntil = new HashMap<>();

  private int nextRow;
  private int row;
  private int nextColumn;

  /**
   * Creates a writer.
   *
   * @param inherited receives headers and footers
   * @param merged extents by first place
   * @param links addresses by cell
   */
  SheetWriter(
      XHTMLContentHandler out,
      SheetContentsHandler inherited,
      Map<CellAddress, CellSpan> merged,
      Function<CellAddress, @Nullable String> links) {
    this.out = out;
    this.inherited = inherited;
    this.merged = merged;
    this.links = links;
  }

  @Override
  public void startRow(int number) {
    for (int i = 0; i < Math.min(number - nextRow, MAX_GAP); i++) {
      element("tr");
    }
    row = number;
    nextRow = number + 1;
    nextColumn = 0;
    start("tr", new AttributesImpl());
  }

  @Override
  public void endRow(int number) {
    end("tr");
  }

  @Override
  public void cell(
      @Nullable String reference, @Nullable String value, @Nullable XSSFComment comment) {
    CellAddress address =
        reference == null ? new CellAddress(row, nextColumn) : new CellAddress(reference);
    int column = address.getColumn();
    if (column < nextColumn || isCovered(column)) {
      return;
    }
    for (int gap = Math.max(nextColumn, column - MAX_GAP); gap < column; gap++) {
      if (!isCovered(gap)) {
        element("td");
      }
    }
    CellSpan span = merged.getOrDefault(address, CellSpan.ONE);
    nextColumn = column + span.columns();
    for (int covered = column; covered < nextColumn && span.rows() > 1; covered++) {
      coveredUntil.put(covered, row + span.rows() - 1);
    }
    write(span, value, links.apply(address), comment);
  }

  private boolean isCovered(int column) {
    return coveredUntil.getOrDefault(column, -1) >= row;
  }

  private void write(
      CellSpan span, @Nullable String value, @Nullable String link, @Nullable XSSFComment comment) {
    start("td", attributes(span));
    if (link != null) {
      AttributesImpl address = new AttributesImpl();
      address.addAttribute("", "href", "href", "CDATA", link);
      start("a", address);
    }
    if (value != null) {
      characters(value);
    }
    if (link != null) {
      end("a");
    }
    if (comment != null) {
      element("br");
      String author = comment.getAuthor();
      characters((author == null ? "" : author + ": ") + comment.getString());
    }
    end("td");
  }

  private static AttributesImpl attributes(CellSpan span) {
    AttributesImpl attributes = new AttributesImpl();
    if (span.columns() > 1) {
      attributes.addAttribute("", "colspan", "colspan", "CDATA", "" + span.columns());
    }
    if (span.rows() > 1) {
      attributes.addAttribute("", "rowspan", "rowspan", "CDATA", "" + span.rows());
    }
    return attributes;
  }

  @Override
  public void headerFooter(String text, boolean isHeader, String tag) {
    inherited.headerFooter(text, isHeader, tag);
  }

  private void element(String name) {
    start(name, new AttributesImpl());
    end(name);
  }

  private void start(String name, AttributesImpl attributes) {
    try {
      out.startElement(name, attributes);
    } catch (SAXException e) {
      throw new SheetFailure(e);
    }
  }

  private void end(String name) {
    try {
      out.endElement(name);
    } catch (SAXException e) {
      throw new SheetFailure(e);
    }
  }

  private void characters(String words) {
    try {
      out.characters(words);
    } catch (SAXException e) {
      throw new SheetFailure(e);
    }
  }

  /** Carries a failure through the interface of a sheet's cells. */
  static final class SheetFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final SAXException failure;

    SheetFailure(SAXException failure) {
      super(failure);
      this.failure = failure;
    }

    SAXException failure() {
      return failure;
    }
  }
}

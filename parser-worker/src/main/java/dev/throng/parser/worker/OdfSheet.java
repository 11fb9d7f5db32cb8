package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;
import org.apache.tika.sax.XHTMLContentHandler;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Writes the rows of an OpenDocument sheet, whose equal rows and cells are stored once. */
final class OdfSheet {
  /** Further equal rows or cells are left out, because they add no information. */
  private static final int MAX_EQUAL = 100;

  private static final String VALUES = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";

  /** The attributes for the value of a cell without text, the most readable one first. */
  private static final List<String> VALUE_ATTRIBUTES =
      List.of("string-value", "date-value", "time-value", "boolean-value", "value");

  private record Cell(String text, CellSpan span, int count) {}

  private final XHTMLContentHandler out;
  private final List<Cell> row = new ArrayList<>();
  private final StringBuilder cell = new StringBuilder();
  private int rowCount;
  private String value = "";
  private CellSpan span = CellSpan.ONE;
  private int count;
  private boolean isInCell;

  OdfSheet(XHTMLContentHandler out) {
    this.out = out;
  }

  boolean isInCell() {
    return isInCell;
  }

  void beginRow(Attributes attributes) {
    rowCount = repeated(attributes, "number-rows-repeated");
    row.clear();
  }

  void beginCell(Attributes attributes) {
    isInCell = true;
    cell.setLength(0);
    count = repeated(attributes, "number-columns-repeated");
    span = span(attributes);
    value = value(attributes);
  }

  /** Adds to the text of the current cell. */
  void text(String words) {
    if (cell.length() <= TextBuilder.MAX_BLOCK_CHARS) {
      cell.append(words);
    }
  }

  void endCell() {
    isInCell = false;
    String words = cell.toString();
    row.add(new Cell(words.isBlank() ? value : words, span, count));
  }

  /** Adds places that belong to a cell above or on the left, which fill themselves. */
  void endRow() throws SAXException {
    while (!row.isEmpty() && row.getLast().text().isBlank()) {
      row.removeLast();
    }
    for (int i = 0; i < (row.isEmpty() ? 1 : rowCount); i++) {
      out.startElement("tr");
      for (Cell each : row) {
        write(each);
      }
      out.endElement("tr");
    }
  }

  private void write(Cell each) throws SAXException {
    AttributesImpl attributes = new AttributesImpl();
    attributes.addAttribute("", "colspan", "colspan", "CDATA", "" + each.span().columns());
    attributes.addAttribute("", "rowspan", "rowspan", "CDATA", "" + each.span().rows());
    for (int i = 0; i < each.count(); i++) {
      out.startElement("td", attributes);
      out.characters(each.text());
      out.endElement("td");
    }
  }

  private static int repeated(Attributes attributes, String name) {
    return XmlEvents.number(attributes.getValue(OdfContent.TABLE, name), 1, MAX_EQUAL);
  }

  static CellSpan span(Attributes attributes) {
    return CellSpan.of(
        attributes.getValue(OdfContent.TABLE, "number-columns-spanned"),
        attributes.getValue(OdfContent.TABLE, "number-rows-spanned"));
  }

  private static String value(Attributes attributes) {
    for (String name : VALUE_ATTRIBUTES) {
      @Nullable String found = attributes.getValue(VALUES, name);
      if (found != null) {
        return found;
      }
    }
    return "";
  }
}

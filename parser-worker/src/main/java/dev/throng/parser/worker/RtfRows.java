package dev.throng.parser.worker;

import java.util.Set;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Builds table rows from the paragraphs that {@link RtfInput} has marked. */
final class RtfRows extends ContentHandlerDecorator {
  private static final String XHTML = "http://www.w3.org/1999/xhtml";
  private static final Set<String> INLINE = Set.of("a", "b", "i", "s", "strike", "sub", "sup", "u");

  /** Elements around a row. */
  private static final Set<String> ROW_WRAPPERS = Set.of("p", "li", "ol", "ul");

  private final StringBuilder words = new StringBuilder();
  private boolean isInTable;

  RtfRows(ContentHandler out) {
    super(out);
  }

  @Override
  public void startElement(String uri, String localName, String qName, Attributes attributes)
      throws SAXException {
    if (!INLINE.contains(localName)) {
      flush(localName);
      super.startElement(uri, localName, qName, attributes);
    }
  }

  @Override
  public void endElement(String uri, String localName, String qName) throws SAXException {
    if (!INLINE.contains(localName)) {
      flush(localName);
      super.endElement(uri, localName, qName);
    }
  }

  @Override
  public void characters(char[] chars, int start, int length) throws SAXException {
    words.append(chars, start, length);
    if (words.length() > 2 * TextBuilder.MAX_BLOCK_CHARS) { // the row does not end
      flush("");
    }
  }

  /** Ends the document. */
  void finish() throws SAXException {
    flush("");
  }

  /**
   * Writes the gathered words.
   *
   * @param element the element at which they end
   */
  private void flush(String element) throws SAXException {
    String text = words.toString();
    words.setLength(0);
    int end = text.lastIndexOf(RtfInput.ROW);
    if (end >= 0) {
      for (String row : text.substring(0, end).split(String.valueOf(RtfInput.ROW), -1)) {
        row(row);
      }
    }
    String rest = text.substring(end + 1).replace(RtfInput.CELL, ' ');
    if (isInTable && !(ROW_WRAPPERS.contains(element) && rest.isBlank())) {
      isInTable = false;
      end("table");
    }
    super.characters(rest.toCharArray(), 0, rest.length());
  }

  private void row(String row) throws SAXException {
    if (!isInTable) {
      isInTable = true;
      start("table");
    }
    start("tr");
    int start = 0;
    for (int end = row.indexOf(RtfInput.CELL); end >= 0; end = row.indexOf(RtfInput.CELL, start)) {
      start("td");
      super.characters(row.substring(start, end).toCharArray(), 0, end - start);
      end("td");
      start = end + 1;
    }
    super.characters(row.substring(start).toCharArray(), 0, row.length() - start);
    end("tr");
  }

  private void start(String element) throws SAXException {
    super.startElement(XHTML, element, element, new AttributesImpl());
  }

  private void end(String element) throws SAXException {
    super.endElement(XHTML, element, element);
  }
}

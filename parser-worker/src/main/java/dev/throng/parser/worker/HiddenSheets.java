package dev.throng.parser.worker;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/**
 * Leaves out the hidden sheets of a workbook, which its readers do not see. Tika writes a sheet as
 * an element that begins with a heading, its name.
 */
final class HiddenSheets extends ContentHandlerDecorator {
  private static final Set<String> SHEETS = Set.of("sheet", "page");
  private static final int MAX_NAMED = 10;

  private final Set<String> hidden;
  private final Set<String> leftOut = new LinkedHashSet<>();

  /** The name of a sheet that has just started, or null. */
  private @Nullable StringBuilder name;

  /** The attributes of its element, and the local name and the namespace of both elements. */
  private Attributes attributes = new AttributesImpl();

  private String namespace = "";
  private boolean isHeading;

  /** The depth inside a sheet; 0 outside. */
  private int depth;

  private boolean isLeftOut;

  /**
   * Creates a filter.
   *
   * @param hidden names of sheets
   */
  HiddenSheets(ContentHandler out, Set<String> hidden) {
    super(out);
    this.hidden = hidden;
  }

  /** Returns the names of the sheets that were left out. */
  Set<String> leftOut() {
    return leftOut;
  }

  /** Reports sheets that were left out, if there are any. */
  static void warn(Set<String> leftOut, @Nullable Embedded warnings) {
    if (leftOut.isEmpty() || warnings == null) {
      return;
    }
    List<String> named = leftOut.stream().limit(MAX_NAMED).toList();
    warnings.warn(
        "%d hidden sheet%s left out: %s%s"
            .formatted(
                leftOut.size(),
                leftOut.size() == 1 ? " was" : "s were",
                named.stream().map("\"%s\""::formatted).collect(Collectors.joining(", ")),
                leftOut.size() > named.size() ? ", ..." : ""));
  }

  @Override
  public void startElement(String uri, String localName, String qName, Attributes given)
      throws SAXException {
    if (depth > 0) {
      depth++;
    } else if (localName.equals("div") && SHEETS.contains(given.getValue("class"))) {
      depth = 1;
      name = new StringBuilder();
      namespace = uri;
      attributes = new AttributesImpl(given);
      return;
    }
    if (name != null && !isHeading && localName.equals("h1")) {
      isHeading = true;
      return;
    }
    begin();
    if (!isLeftOut) {
      super.startElement(uri, localName, qName, given);
    }
  }

  /** Passes on the beginning of a sheet, unless it is hidden. */
  private void begin() throws SAXException {
    StringBuilder found = name;
    if (found == null) {
      return;
    }
    name = null;
    isHeading = false;
    String text = found.toString();
    if (hidden.contains(text)) {
      leftOut.add(text);
      isLeftOut = true;
      return;
    }
    super.startElement(namespace, "div", "div", attributes);
    if (!text.isEmpty()) {
      super.startElement(namespace, "h1", "h1", new AttributesImpl());
      super.characters(text.toCharArray(), 0, text.length());
      super.endElement(namespace, "h1", "h1");
    }
  }

  @Override
  public void endElement(String uri, String localName, String qName) throws SAXException {
    boolean isEndOfName = isHeading;
    begin();
    if (depth > 0) {
      depth--;
    }
    if (!isLeftOut && !isEndOfName) {
      super.endElement(uri, localName, qName);
    }
    isLeftOut &= depth > 0;
  }

  @Override
  public void characters(char[] chars, int start, int length) throws SAXException {
    StringBuilder awaited = name;
    if (awaited != null && isHeading) {
      awaited.append(chars, start, length);
      return;
    }
    if (awaited != null && new String(chars, start, length).isBlank()) {
      return;
    }
    begin();
    if (!isLeftOut) {
      super.characters(chars, start, length);
    }
  }

  @Override
  public void ignorableWhitespace(char[] chars, int start, int length) throws SAXException {
    if (name == null && !isLeftOut) {
      super.ignorableWhitespace(chars, start, length);
    }
  }
}

package dev.throng.parser.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.tika.sax.XHTMLContentHandler;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Converts the XML of an OpenDocument file (OASIS OpenDocument 1.3, part 3) into XHTML: its
 * content, or the headers and footers among its styles.
 */
final class OdfContent extends DefaultHandler {
  static final String TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
  static final String TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";
  static final String STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0";
  private static final String PRESENTATION =
      "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0";
  private static final String DRAWING = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0";
  private static final String XLINK = "http://www.w3.org/1999/xlink";

  /** Elements whose text is not part of the document, or is in another place of it. */
  private static final Set<String> SKIPPED =
      Set.of("tracked-changes", "forms", "scripts", "covered-table-cell");

  /** Further ones in the masters of pages and slides. */
  private static final Set<String> SKIPPED_IN_MASTERS = Set.of("notes", "handout-master");

  /** What stands for a picture or shape that cannot be seen. */
  private static final Set<String> DESCRIPTIONS = Set.of("title", "desc");

  /** Parts of a page's header that are not the same on all pages. */
  private static final Set<String> FIELDS =
      Set.of(
          "sheet-name",
          "title",
          "date",
          "time",
          "page-number",
          "page-count",
          "page-variable-get",
          "file-name",
          "creation-date",
          "modification-date",
          "print-date");

  private static final int MAX_SPACES = 100;
  private static final int MAX_LEVEL = 6;

  private final XHTMLContentHandler out;
  private final boolean isOfSheets;
  private final OdfLists lists = new OdfLists();

  /** Whether the text directly in each open element is read. */
  private final Deque<Boolean> isRead = new ArrayDeque<>();

  private final OdfStyles styles = new OdfStyles();

  /** The elements for the open paragraphs, innermost first. */
  private final Deque<String> paragraphs = new ArrayDeque<>();

  private final Set<String> hiddenSheets = new LinkedHashSet<>();

  private final OdfNotes notes = new OdfNotes();
  private final StringBuilder citation = new StringBuilder();
  private boolean isCitation;
  private @Nullable OdfSheet sheet;
  private int tableDepth;
  private int headerRowDepth;
  private int skipped;
  private boolean isBody;
  private boolean isMaster;

  /** Whether the current paragraph of a master has a field. */
  private boolean hasField;

  /**
   * Creates a handler.
   *
   * @param type the document's media type
   */
  OdfContent(XHTMLContentHandler out, String type) {
    this.out = out;
    this.isOfSheets = type.contains("spreadsheet");
  }

  @Override
  public void startDocument() throws SAXException {
    out.startDocument();
  }

  /** Ends the document. */
  void finish() throws SAXException {
    out.endDocument();
  }

  @Override
  public void startElement(String uri, String name, String qName, Attributes attributes)
      throws SAXException {
    boolean isDescription = uri.equals(DRAWING) && DESCRIPTIONS.contains(name);
    boolean isCreator = name.equals("creator") && notes.isOpen();
    isRead.push(uri.equals(TEXT) || isDescription || isCreator);
    if (skipped > 0 || isSkipped(uri, name, attributes)) {
      skipped++;
    } else if (uri.equals(TEXT)) {
      startText(name, attributes);
    } else if (uri.equals(TABLE) && isBody) {
      startTable(name, attributes);
    } else if (isDescription) {
      notes.begin();
    } else {
      startOther(name, attributes);
    }
  }

  private boolean isSkipped(String uri, String name, Attributes attributes) {
    boolean isPlaceholder = attributes.getValue(PRESENTATION, "class") != null;
    boolean isHidden = uri.equals(STYLE) && "false".equals(attributes.getValue(STYLE, "display"));
    boolean isField = uri.equals(TEXT) && FIELDS.contains(name);
    hasField |= isField;
    boolean isOfMaster = SKIPPED_IN_MASTERS.contains(name) || isPlaceholder || isHidden || isField;
    boolean isTemplate = uri.equals(TEXT) && name.endsWith("-source"); // of an index
    if (isHiddenSheet(uri, name, attributes)) {
      hiddenSheets.add(String.valueOf(attributes.getValue(TABLE, "name")));
      return true;
    }
    return SKIPPED.contains(name) || isTemplate || (isMaster && isOfMaster);
  }

  private boolean isHiddenSheet(String uri, String name, Attributes attributes) {
    return isOfSheets
        && tableDepth == 0
        && uri.equals(TABLE)
        && name.equals("table")
        && styles.isHidden(attributes.getValue(TABLE, "style-name"));
  }

  /** Returns the names of the hidden sheets, which were left out. */
  Set<String> hiddenSheets() {
    return hiddenSheets;
  }

  private void startText(String name, Attributes attributes) throws SAXException {
    switch (name) {
      case "p" -> startParagraph(isTitle(attributes) ? "h1" : "p");
      case "h" ->
          startParagraph(
              "h" + XmlEvents.number(attributes.getValue(TEXT, "outline-level"), 1, MAX_LEVEL));
      case "list" -> {
        lists.begin(attributes.getValue(TEXT, "style-name"));
        start("ul");
      }
      case "list-item" -> {
        start("li");
        write(lists.number(attributes.getValue(TEXT, "start-value")));
      }
      case "list-style" -> lists.beginStyle(attributes);
      case "list-level-style-number" -> lists.level(attributes);
      case "s" ->
          write(" ".repeat(XmlEvents.number(attributes.getValue(TEXT, "c"), 1, MAX_SPACES)));
      case "tab", "line-break" -> write(" ");
      case "a" -> start("a", Map.of("href", String.valueOf(attributes.getValue(XLINK, "href"))));
      case "note-citation" -> {
        write("[");
        citation.setLength(0);
        isCitation = true;
      }
      case "note-body" -> {
        notes.begin();
        notes.text("[" + citation + "] ");
      }
      default -> {}
    }
  }

  private boolean isTitle(Attributes attributes) {
    return !isMaster && styles.isTitle(attributes.getValue(TEXT, "style-name"));
  }

  private void startParagraph(String element) throws SAXException {
    paragraphs.push(element);
    if (isMaster) {
      hasField = false;
      notes.begin();
    } else {
      start(element);
    }
  }

  private void endParagraph() throws SAXException {
    String element = paragraphs.pop();
    if (isMaster) {
      notes.endOfPage(hasField);
    } else {
      end(element);
    }
    writeNotes();
  }

  private void startTable(String name, Attributes attributes) throws SAXException {
    OdfSheet current = sheet;
    switch (name) {
      case "table" -> startTable(attributes);
      case "table-header-rows" -> headerRowDepth++;
      case "table-row" -> {
        if (current == null) {
          start("tr");
        } else {
          current.beginRow(attributes);
        }
      }
      case "table-cell" -> {
        if (current == null) {
          CellSpan span = OdfSheet.span(attributes);
          start(
              headerRowDepth > 0 ? "th" : "td",
              Map.of("colspan", "" + span.columns(), "rowspan", "" + span.rows()));
        } else {
          current.beginCell(attributes);
        }
      }
      default -> {}
    }
  }

  private void startTable(Attributes attributes) throws SAXException {
    tableDepth++;
    if (isOfSheets && tableDepth == 1 && !isMaster) {
      start("div", Map.of("class", "sheet"));
      out.element("h1", String.valueOf(attributes.getValue(TABLE, "name")));
      sheet = new OdfSheet(out);
    }
    start("table");
  }

  private void startOther(String name, Attributes attributes) throws SAXException {
    switch (name) {
      case "body" -> isBody = true;
      case "master-styles" -> {
        isBody = true;
        isMaster = true;
      }
      case "style" -> styles.begin(attributes);
      case "table-properties" -> styles.tableProperties(attributes);
      case "page" -> start("div", Map.of("class", "slide-content"));
      case "notes" -> start("div");
      case "annotation" -> notes.begin();
      default -> {}
    }
  }

  @Override
  public void endElement(String uri, String name, String qName) throws SAXException {
    isRead.pop();
    if (skipped > 0) {
      skipped--;
    } else if (uri.equals(TEXT)) {
      endText(name);
    } else if (uri.equals(TABLE) && isBody) {
      endTable(name);
    } else if (uri.equals(DRAWING) && DESCRIPTIONS.contains(name)) {
      endNote();
    } else {
      endOther(name);
    }
  }

  private void endText(String name) throws SAXException {
    switch (name) {
      case "p", "h" -> endParagraph();
      case "list" -> {
        lists.end();
        end("ul");
      }
      case "list-item" -> end("li");
      case "a" -> end("a");
      case "note-citation" -> {
        isCitation = false;
        write("]");
      }
      case "note-body" -> endNote();
      default -> {}
    }
  }

  private void endTable(String name) throws SAXException {
    OdfSheet current = sheet;
    switch (name) {
      case "table" -> {
        tableDepth--;
        end("table");
        if (current != null && tableDepth == 0) {
          sheet = null;
          end("div");
        }
      }
      case "table-header-rows" -> headerRowDepth--;
      case "table-row" -> {
        if (current == null) {
          end("tr");
        } else {
          current.endRow();
        }
      }
      case "table-cell" -> {
        if (current == null) {
          end(headerRowDepth > 0 ? "th" : "td");
        } else {
          current.endCell();
        }
      }
      default -> {}
    }
  }

  private void endOther(String name) throws SAXException {
    switch (name) {
      case "page", "notes" -> end("div");
      case "creator" -> write(": ");
      case "annotation" -> endNote();
      default -> {}
    }
  }

  private void endNote() throws SAXException {
    notes.end();
    writeNotes();
  }

  /** Writes footnotes and comments after the paragraph that they belong to. */
  private void writeNotes() throws SAXException {
    if (!paragraphs.isEmpty() || notes.isOpen()) {
      return;
    }
    for (String note : notes.take()) {
      start("p");
      write(note);
      end("p");
    }
  }

  @Override
  public void characters(char[] chars, int start, int length) throws SAXException {
    if (skipped == 0 && Boolean.TRUE.equals(isRead.peek())) {
      write(new String(chars, start, length));
    }
  }

  private void write(String words) throws SAXException {
    OdfSheet current = sheet;
    if (!isBody) {
      return;
    }
    if (isCitation) {
      citation.append(words);
    }
    if (notes.isOpen()) {
      notes.text(words);
    } else if (current != null && current.isInCell()) {
      current.text(words);
    } else {
      out.characters(words);
    }
  }

  private void start(String element) throws SAXException {
    start(element, Map.of());
  }

  private void start(String element, Map<String, String> values) throws SAXException {
    if (isWritten(element)) {
      AttributesImpl attributes = new AttributesImpl();
      values.forEach((name, value) -> attributes.addAttribute("", name, name, "CDATA", value));
      out.startElement(element, attributes);
    }
  }

  private void end(String element) throws SAXException {
    if (isWritten(element)) {
      out.endElement(element);
    }
  }

  /** Returns whether an element is written. In notes and cells of sheets only the text is. */
  private boolean isWritten(String element) throws SAXException {
    OdfSheet current = sheet;
    boolean isOfText = notes.isOpen() || (current != null && current.isInCell());
    if (isOfText && isBody && !element.equals("a")) {
      write(" ");
    }
    return isBody && !isOfText;
  }
}

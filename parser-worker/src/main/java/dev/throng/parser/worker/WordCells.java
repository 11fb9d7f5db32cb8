package dev.throng.parser.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.Attribute;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import org.jspecify.annotations.Nullable;

/**
 * Adds marks to a document of Word: the extents of merged cells (ECMA-376, 17.4.17 and 17.4.84),
 * the rows of headers, and the levels of paragraphs in the outline. Cells that a row skips at its
 * start are added.
 */
final class WordCells {
  /** Word's tables have at most this many columns. */
  private static final int MAX_COLUMNS = 63;

  private static final int MAX_LEVEL = 9;

  private final XMLEventReader in;
  private final XMLEventWriter out;

  /** The rows that are open, innermost first, with whether they are of a header. */
  private final Deque<Boolean> headerRows = new ArrayDeque<>();

  private WordCells(XMLEventReader in, XMLEventWriter out) {
    this.in = in;
    this.out = out;
  }

  static void mark(XMLEventReader in, XMLEventWriter out) throws XMLStreamException {
    new WordCells(in, out).mark();
  }

  private void mark() throws XMLStreamException {
    while (in.hasNext()) {
      XMLEvent event = in.nextEvent();
      out.add(event);
      if (event.isStartElement()) {
        StartElement element = event.asStartElement();
        switch (element.getName().getLocalPart()) {
          case "tr" -> headerRows.push(false);
          case "trPr" -> row(element);
          case "tcPr" -> cell(element);
          case "pPr" -> paragraph(element);
          default -> {}
        }
      } else if (event.isEndElement() && isNamed(event, "tr")) {
        headerRows.poll();
      }
    }
  }

  private static boolean isNamed(XMLEvent event, String name) {
    return event.asEndElement().getName().getLocalPart().equals(name);
  }

  private void row(StartElement properties) throws XMLStreamException {
    int skipped = 0;
    for (StartElement property = nextProperty(); property != null; property = nextProperty()) {
      String value = value(property);
      if (is(property, "gridBefore")) {
        skipped = XmlEvents.number(value, 0, MAX_COLUMNS);
      } else if (is(property, "tblHeader") && isOn(value)) {
        headerRows.poll();
        headerRows.push(true);
      }
    }
    for (int i = 0; i < skipped; i++) {
      element(properties, List.of("tc", "p"), null);
    }
  }

  private void cell(StartElement properties) throws XMLStreamException {
    int columns = 1;
    boolean isCovered = false;
    for (StartElement property = nextProperty(); property != null; property = nextProperty()) {
      String value = value(property);
      if (is(property, "gridSpan")) {
        columns = XmlEvents.number(value, 1, MAX_COLUMNS);
      } else if (is(property, "vMerge")) {
        isCovered = !"restart".equals(value);
      }
    }
    boolean isHeader = Boolean.TRUE.equals(headerRows.peek());
    if (columns > 1 || isCovered || isHeader) {
      element(
          properties,
          List.of("p", "r", "t"),
          Marks.cell(new CellSpan(columns, 1), isCovered, isHeader));
    }
  }

  private void paragraph(StartElement properties) throws XMLStreamException {
    int level = MAX_LEVEL;
    for (StartElement property = nextProperty(); property != null; property = nextProperty()) {
      if (is(property, "outlineLvl")) {
        level = XmlEvents.number(value(property), 0, MAX_LEVEL);
      }
    }
    if (level < MAX_LEVEL) {
      element(properties, List.of("r", "t"), Marks.heading(level + 1));
    }
  }

  /**
   * Copies the next element of those inside the current one.
   *
   * @return the element's start, or null at the end of the current one
   */
  private @Nullable StartElement nextProperty() throws XMLStreamException {
    while (in.hasNext()) {
      XMLEvent event = in.nextEvent();
      out.add(event);
      if (event.isStartElement()) {
        return copied(event.asStartElement());
      }
      if (event.isEndElement()) {
        return null;
      }
    }
    return null;
  }

  /** Copies the rest of an element. */
  private StartElement copied(StartElement element) throws XMLStreamException {
    int depth = 1;
    while (depth > 0 && in.hasNext()) {
      XMLEvent event = in.nextEvent();
      out.add(event);
      depth += event.isStartElement() ? 1 : event.isEndElement() ? -1 : 0;
    }
    return element;
  }

  /** Adds elements inside each other, in the namespace of another one. */
  private void element(StartElement like, List<String> names, @Nullable String text)
      throws XMLStreamException {
    String namespace = like.getName().getNamespaceURI();
    String prefix = like.getName().getPrefix();
    for (String name : names) {
      out.add(MarkedCopy.EVENTS.createStartElement(prefix, namespace, name));
    }
    if (text != null) {
      out.add(MarkedCopy.EVENTS.createCharacters(text));
    }
    for (String name : names.reversed()) {
      out.add(MarkedCopy.EVENTS.createEndElement(prefix, namespace, name));
    }
  }

  private static boolean is(StartElement element, String name) {
    return element.getName().getLocalPart().equals(name);
  }

  static @Nullable String value(StartElement element) {
    Attribute value =
        element.getAttributeByName(new QName(element.getName().getNamespaceURI(), "val"));
    return value == null ? null : value.getValue();
  }

  private static boolean isOn(@Nullable String value) {
    return value == null || !(value.equals("0") || value.equals("false") || value.equals("off"));
  }
}

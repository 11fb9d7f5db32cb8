package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import org.jspecify.annotations.Nullable;

/**
 * A slide of PowerPoint whose title is moved to its beginning, and whose merged cells are marked
 * (ECMA-376, 19.3.1.36 and 21.1.3.16).
 */
final class Slide {
  /** A slide with more keeps the order of its shapes. */
  private static final int MAX_EVENTS = 100_000;

  private static final int MAX_SPAN = 1_000;

  private final XMLEventReader in;
  private final XMLEventWriter out;
  private @Nullable String pendingMark;
  private int skipped;

  private Slide(XMLEventReader in, XMLEventWriter out) {
    this.in = in;
    this.out = out;
  }

  static void rewrite(XMLEventReader in, XMLEventWriter out) throws XMLStreamException {
    new Slide(in, out).rewrite();
  }

  private void rewrite() throws XMLStreamException {
    List<XMLEvent> events = new ArrayList<>();
    while (in.hasNext() && events.size() < MAX_EVENTS) {
      events.add(in.nextEvent());
    }
    for (XMLEvent event : in.hasNext() ? events : withTitleFirst(events)) {
      write(event);
    }
    while (in.hasNext()) {
      write(in.nextEvent());
    }
  }

  private static List<XMLEvent> withTitleFirst(List<XMLEvent> events) {
    ShapeList shapes = ShapeList.of(events);
    int title = shapes.title();
    if (title < 0) {
      return events;
    }
    List<XMLEvent> ordered = new ArrayList<>(events.subList(0, shapes.start()));
    ordered.addAll(shapes.shapes().get(title));
    for (int i = 0; i < shapes.shapes().size(); i++) {
      ordered.addAll(i == title ? List.of() : shapes.shapes().get(i));
    }
    ordered.addAll(events.subList(shapes.end(), events.size()));
    return ordered;
  }

  /** Writes an event, except in a cell that another one covers. */
  private void write(XMLEvent event) throws XMLStreamException {
    boolean isCovered = XmlEvents.is(event, "tc") && isCovered(event.asStartElement());
    if (skipped > 0 || isCovered) {
      skipped += event.isStartElement() ? 1 : event.isEndElement() ? -1 : 0;
      return;
    }
    out.add(event);
    if (XmlEvents.is(event, "tc")) {
      pendingMark = mark(event.asStartElement());
    } else if (XmlEvents.is(event, "p") && pendingMark != null) {
      writeMark(event.asStartElement().getName(), pendingMark);
      pendingMark = null;
    }
  }

  private static boolean isCovered(StartElement cell) {
    return isOn(XmlEvents.value(cell, "hMerge")) || isOn(XmlEvents.value(cell, "vMerge"));
  }

  private static boolean isOn(String value) {
    return value.equals("1") || value.equals("true");
  }

  private static @Nullable String mark(StartElement cell) {
    int columns = XmlEvents.number(XmlEvents.value(cell, "gridSpan"), 1, MAX_SPAN);
    int rows = XmlEvents.number(XmlEvents.value(cell, "rowSpan"), 1, MAX_SPAN);
    return columns == 1 && rows == 1 ? null : Marks.cell(CellSpan.of(columns, rows), false, false);
  }

  private void writeMark(QName paragraph, String mark) throws XMLStreamException {
    String namespace = paragraph.getNamespaceURI();
    String prefix = paragraph.getPrefix();
    out.add(MarkedCopy.EVENTS.createStartElement(prefix, namespace, "r"));
    out.add(MarkedCopy.EVENTS.createStartElement(prefix, namespace, "t"));
    out.add(MarkedCopy.EVENTS.createCharacters(mark));
    out.add(MarkedCopy.EVENTS.createEndElement(prefix, namespace, "t"));
    out.add(MarkedCopy.EVENTS.createEndElement(prefix, namespace, "r"));
  }
}

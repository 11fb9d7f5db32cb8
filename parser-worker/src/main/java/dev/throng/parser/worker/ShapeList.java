package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.stream.events.XMLEvent;

/**
 * The shapes of a slide, each as the events of its XML.
 *
 * @param start index of the first event of the first shape
 * @param end index after the last event of the last shape
 */
record ShapeList(List<List<XMLEvent>> shapes, int start, int end) {
  private static final Set<String> TITLES = Set.of("title", "ctrTitle");

  /** The elements before the shapes. */
  private static final Set<String> PROPERTIES = Set.of("nvGrpSpPr", "grpSpPr");

  private static final int MAX_TITLE_CHARS = 120;

  /** Finds the shapes that are not in a group. */
  static ShapeList of(List<XMLEvent> events) {
    List<List<XMLEvent>> shapes = new ArrayList<>();
    int depth = 0;
    int shapeDepth = -1;
    int shapeStart = 0;
    int first = 0;
    int end = 0;
    for (int i = 0; i < events.size(); i++) {
      XMLEvent event = events.get(i);
      if (event.isStartElement()) {
        shapeStart = depth == shapeDepth ? i : shapeStart;
        depth++;
        shapeDepth = shapeDepth < 0 && XmlEvents.is(event, "spTree") ? depth : shapeDepth;
      } else if (event.isEndElement()) {
        depth--;
        if (depth < shapeDepth) {
          break; // the end of the shapes
        }
        boolean isProperty = PROPERTIES.contains(event.asEndElement().getName().getLocalPart());
        if (depth == shapeDepth && !isProperty) {
          first = shapes.isEmpty() ? shapeStart : first;
          shapes.add(events.subList(shapeStart, i + 1));
          end = i + 1;
        }
      }
    }
    return new ShapeList(shapes, first, end);
  }

  /**
   * Returns the index of the title: its placeholder, otherwise a short text at the top if the
   * positions of all texts are known; -1 when there is none.
   */
  int title() {
    for (int i = 0; i < shapes.size(); i++) {
      List<XMLEvent> shape = shapes.get(i);
      boolean isPlaceholder =
          shape.stream()
              .anyMatch(event ->
                  XmlEvents.is(event, "ph")
                      && TITLES.contains(XmlEvents.value(event.asStartElement(), "type")));
      if (isPlaceholder && !text(shape).isBlank()) {
        return i;
      }
    }
    return topmost();
  }

  private int topmost() {
    int best = -1;
    long bestTop = Long.MAX_VALUE;
    for (int i = 0; i < shapes.size(); i++) {
      List<XMLEvent> shape = shapes.get(i);
      long top = top(shape);
      boolean isText = XmlEvents.is(shape.getFirst(), "sp") && !text(shape).isBlank();
      if (isText && top < 0) {
        return -1; // its position is that of the layout
      }
      if (top >= 0 && top < bestTop) {
        bestTop = top;
        best = isText && text(shape).length() <= MAX_TITLE_CHARS ? i : -1;
      }
    }
    return best;
  }

  /** Returns the distance from the top of the slide, or -1 when it is not given. */
  private static long top(List<XMLEvent> shape) {
    for (XMLEvent event : shape) {
      if (XmlEvents.is(event, "off")) {
        return XmlEvents.number(XmlEvents.value(event.asStartElement(), "y"), 0, Integer.MAX_VALUE);
      }
    }
    return -1;
  }

  private static String text(List<XMLEvent> shape) {
    StringBuilder text = new StringBuilder();
    for (XMLEvent event : shape) {
      if (event.isCharacters()) {
        text.append(event.asCharacters().getData());
      }
    }
    return text.toString().strip();
  }
}

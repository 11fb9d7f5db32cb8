package dev.throng.parser.worker;

import javax.xml.namespace.QName;
import javax.xml.stream.events.Attribute;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import org.jspecify.annotations.Nullable;

/** Reads the events and values of office files' XML. */
final class XmlEvents {
  private XmlEvents() {}

  /** Returns whether an event starts an element of a name, in any namespace. */
  static boolean is(XMLEvent event, String name) {
    return event.isStartElement() && event.asStartElement().getName().getLocalPart().equals(name);
  }

  /** Returns the value of an attribute without namespace; empty when there is none. */
  static String value(StartElement element, String name) {
    Attribute attribute = element.getAttributeByName(new QName(name));
    return attribute == null ? "" : attribute.getValue();
  }

  /** Returns a number within limits; the least one when the value is none. */
  static int number(@Nullable String value, int least, int most) {
    try {
      return value == null ? least : Math.clamp(Integer.parseInt(value.strip()), least, most);
    } catch (NumberFormatException e) {
      return least;
    }
  }
}

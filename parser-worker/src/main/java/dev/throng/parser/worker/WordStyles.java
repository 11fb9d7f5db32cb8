package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.Attribute;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.tika.utils.XMLReaderUtils;
import org.jspecify.annotations.Nullable;

/**
 * The styles of a document of Word. Tika recognizes headings by the English names of their styles.
 * Here the styles of other headings get such names: those with a level in the outline, of their own
 * or of a style that they are based on, and those with a name in another language.
 */
final class WordStyles {
  static final String PART = "word/styles.xml";

  /** The level of text that is not in the outline. */
  private static final int BODY_LEVEL = 9;

  /** A longer chain of styles is cyclic. */
  private static final int MAX_CHAIN = 20;

  private static final int MAX_STYLES = 20_000;

  private static final Pattern NAME =
      Pattern.compile(
          "(?:heading|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|otsikko|"
              + "nagłówek|заголовок|nadpis|címsor|başlık|intestazione|encabezado|見出し|标题|標題|제목)"
              + " ?([1-9])");

  private record Style(String name, @Nullable String parent, int level) {}

  private final Map<String, Style> styles = new HashMap<>();

  private WordStyles() {}

  /** Reads the styles of a document; none when it has no readable ones. */
  static WordStyles of(Path file) throws IOException {
    WordStyles found = new WordStyles();
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      ZipArchiveEntry entry = zip.getEntry(PART);
      if (entry == null) {
        return found;
      }
      try (InputStream in = zip.getInputStream(entry)) {
        found.read(XMLReaderUtils.getXMLInputFactory().createXMLEventReader(in));
      }
    } catch (XMLStreamException | RuntimeException e) {
      return found;
    }
    return found;
  }

  private void read(XMLEventReader in) throws XMLStreamException {
    String id = null;
    Style style = new Style("", null, -1);
    while (in.hasNext() && styles.size() < MAX_STYLES) {
      XMLEvent event = in.nextEvent();
      if (event.isEndElement()
          && event.asEndElement().getName().getLocalPart().equals("style")
          && id != null) {
        styles.put(id, style);
        id = null;
      }
      if (!event.isStartElement()) {
        continue;
      }
      StartElement element = event.asStartElement();
      String value = String.valueOf(WordCells.value(element));
      switch (element.getName().getLocalPart()) {
        case "style" -> {
          id = id(element);
          style = new Style("", null, -1);
        }
        case "name" -> style = new Style(value, style.parent(), style.level());
        case "basedOn" -> style = new Style(style.name(), value, style.level());
        case "outlineLvl" ->
            style = new Style(style.name(), style.parent(), XmlEvents.number(value, 0, BODY_LEVEL));
        default -> {}
      }
    }
  }

  private static @Nullable String id(StartElement style) {
    String namespace = style.getName().getNamespaceURI();
    Attribute type = style.getAttributeByName(new QName(namespace, "type"));
    Attribute id = style.getAttributeByName(new QName(namespace, "styleId"));
    boolean isOfParagraphs = type == null || type.getValue().equals("paragraph");
    return id == null || !isOfParagraphs ? null : id.getValue();
  }

  /** Copies the styles with the names of headings. */
  void rename(XMLEventReader in, XMLEventWriter out) throws XMLStreamException {
    String id = null;
    while (in.hasNext()) {
      XMLEvent event = in.nextEvent();
      if (event.isStartElement()) {
        StartElement element = event.asStartElement();
        boolean isStyle = element.getName().getLocalPart().equals("style");
        boolean isName = element.getName().getLocalPart().equals("name");
        id = isStyle ? id(element) : id;
        int level = isName && id != null ? level(id) : BODY_LEVEL;
        out.add(level < BODY_LEVEL ? named(element, "heading " + (level + 1)) : event);
      } else {
        out.add(event);
      }
    }
  }

  private static XMLEvent named(StartElement element, String name) {
    Attribute value =
        MarkedCopy.EVENTS.createAttribute(
            element.getName().getPrefix(), element.getName().getNamespaceURI(), "val", name);
    return MarkedCopy.EVENTS.createStartElement(
        element.getName(), List.of(value).iterator(), element.getNamespaces());
  }

  /** Returns the level of a style in the outline, from 0, or 9 when it is not in it. */
  private int level(String id) {
    Style style = styles.get(id);
    for (int i = 0; style != null && i < MAX_CHAIN; i++) {
      if (style.level() >= 0) {
        return style.level();
      }
      Matcher heading = NAME.matcher(style.name().toLowerCase(Locale.ROOT));
      if (heading.matches()) {
        return Integer.parseInt(heading.group(1)) - 1;
      }
      style = style.parent() == null ? null : styles.get(style.parent());
    }
    return BODY_LEVEL;
  }
}

package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/**
 * XML: an element that contains only text becomes a line of {@code name: text}, and text between
 * elements a paragraph. No external entity is read.
 */
final class Xml {
  /** A longer text is prose and needs no name. */
  private static final int MAX_VALUE_CHARS = 200;

  private Xml() {}

  /**
   * Parses a file.
   *
   * @throws SAXException where it is not XML
   */
  static void parse(Path file, TextBuilder text, int maxDepth) throws IOException, SAXException {
    try (InputStream in = Files.newInputStream(file)) {
      parse(new InputSource(in), text, maxDepth);
    }
  }

  /** Like {@link #parse(Path, TextBuilder, int)}, in another charset than the declared one. */
  static void parse(Reader in, TextBuilder text, int maxDepth) throws IOException, SAXException {
    parse(new InputSource(in), text, maxDepth);
  }

  private static void parse(InputSource source, TextBuilder text, int maxDepth)
      throws IOException, SAXException {
    try {
      SAXParserFactory factory = SAXParserFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      XMLReader reader = factory.newSAXParser().getXMLReader();
      Elements elements = new Elements(text, maxDepth);
      reader.setContentHandler(elements);
      reader.setErrorHandler(elements);
      reader.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
      reader.parse(source);
      elements.lines.end();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e); // the JDK's parser supports these features
    }
  }

  private static final class Elements extends DefaultHandler {
    private final Lines lines;
    private final TextBuilder text;
    private final int maxDepth;
    private final StringBuilder words = new StringBuilder();
    private final List<String> attributesOfLeaf = new ArrayList<>();
    private int depth;
    private boolean isLeaf;

    Elements(TextBuilder text, int maxDepth) {
      this.text = text;
      this.lines = new Lines(text);
      this.maxDepth = maxDepth;
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) {
      if (++depth > maxDepth) {
        throw new DocumentException(
            Reason.DOCUMENT_TOO_DEEP, "more than %d nested elements".formatted(maxDepth));
      }
      prose();
      isLeaf = true;
      attributesOfLeaf.clear();
      for (int i = 0; i < attributes.getLength(); i++) {
        attributesOfLeaf.add(attributes.getQName(i) + "=" + attributes.getValue(i));
      }
    }

    @Override
    public void endElement(String uri, String localName, String qName) {
      depth--;
      String name = qName.substring(qName.indexOf(':') + 1);
      String value = words.toString();
      if (!isLeaf) {
        prose();
        lines.endOfRecord();
      } else if (value.isBlank()) {
        lines.add(name, String.join(", ", attributesOfLeaf));
      } else if (value.length() <= MAX_VALUE_CHARS) {
        lines.add(name, value);
      } else {
        prose();
      }
      words.setLength(0);
      isLeaf = false;
    }

    @Override
    public void characters(char[] chars, int start, int length) {
      words.append(chars, start, length);
      if (words.length() > TextBuilder.MAX_BLOCK_CHARS) {
        prose();
        isLeaf = false;
      }
    }

    private void prose() {
      if (!words.toString().isBlank()) {
        lines.end();
        text.paragraph(words.toString());
      }
      words.setLength(0);
    }
  }
}

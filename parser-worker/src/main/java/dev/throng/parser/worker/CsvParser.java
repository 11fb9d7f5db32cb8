package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.List;
import java.util.Set;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.sax.XHTMLContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Parses comma-separated values inside another document, such as an attachment of a mail. {@code
 * tika-config.xml} registers it.
 */
public final class CsvParser implements Parser {
  private static final long serialVersionUID = 1;

  private static final Set<MediaType> TYPES = Set.of(MediaType.text("csv"), MediaType.text("tsv"));

  @Override
  public Set<MediaType> getSupportedTypes(ParseContext context) {
    return TYPES;
  }

  @Override
  public void parse(InputStream in, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException {
    XHTMLContentHandler out = new XHTMLContentHandler(handler, metadata);
    out.startDocument();
    out.startElement("table");
    TikaInputStream file = TikaInputStream.get(in);
    try (Reader reader = Charsets.open(file.getPath(), null)) {
      Csv.parse(reader, new Rows(out));
    } catch (WriteFailure e) {
      throw e.failure;
    }
    out.endElement("table");
    out.endDocument();
  }

  /** Writes rows as XHTML. */
  private record Rows(XHTMLContentHandler out) implements Csv.Output {
    @Override
    public void caption(String words) {
      write("caption", List.of(words));
    }

    @Override
    public void row(List<String> cells, boolean isHeader) {
      write(isHeader ? "th" : "td", cells);
    }

    @Override
    public void end() {}

    private void write(String element, List<String> cells) {
      try {
        boolean isRow = !element.equals("caption");
        if (isRow) {
          out.startElement("tr");
        }
        for (String cell : cells) {
          out.element(element, cell);
        }
        if (isRow) {
          out.endElement("tr");
        }
      } catch (SAXException e) {
        throw new WriteFailure(e);
      }
    }
  }

  /** Carries a failure through the interface of rows. */
  private static final class WriteFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final SAXException failure;

    WriteFailure(SAXException failure) {
      super(failure);
      this.failure = failure;
    }
  }
}

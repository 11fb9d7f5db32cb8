package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.odf.OpenDocumentParser;
import org.apache.tika.sax.XHTMLContentHandler;
import org.apache.tika.utils.XMLReaderUtils;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Tika's reader of OpenDocument files, with {@link OdfContent} for their text. {@code
 * tika-config.xml} registers it.
 */
public final class OdfParser extends OpenDocumentParser {
  private static final long serialVersionUID = 1;

  public OdfParser() {
    setContentParser(new ContentParser());
  }

  private static final class ContentParser implements Parser {
    private static final long serialVersionUID = 1;

    @Override
    public Set<MediaType> getSupportedTypes(ParseContext context) {
      return Set.of();
    }

    @Override
    public void parse(
        InputStream in, ContentHandler handler, Metadata metadata, ParseContext context)
        throws IOException, SAXException, TikaException {
      String type = String.valueOf(metadata.get(Metadata.CONTENT_TYPE));
      OdfContent content = new OdfContent(new XHTMLContentHandler(handler, metadata), type);
      XMLReaderUtils.parseSAX(in, content, context);
      content.finish();
      HiddenSheets.warn(content.hiddenSheets(), context.get(Embedded.class));
    }
  }
}

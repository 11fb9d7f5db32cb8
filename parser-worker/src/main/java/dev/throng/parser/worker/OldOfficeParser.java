package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Tika's reader of the formats of Office before 2007, with the empty and merged cells of slides.
 * {@code tika-config.xml} registers it.
 */
public final class OldOfficeParser extends OfficeParser {
  private static final long serialVersionUID = 1;

  private static final String SLIDES = "application/vnd.ms-powerpoint";

  @Override
  public void parse(InputStream in, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    if (!SLIDES.equals(metadata.get(Metadata.CONTENT_TYPE))) {
      super.parse(in, handler, metadata, context);
      return;
    }
    TikaInputStream file = TikaInputStream.get(in);
    SlideTables tables = new SlideTables(handler);
    try (InputStream own = Files.newInputStream(file.getPath());
        HSLFSlideShow slides = new HSLFSlideShow(own)) {
      tables.read(slides);
    } catch (IOException | RuntimeException e) {
      tables.clear(); // Tika reports it, or reads more
    }
    super.parse(file, tables, metadata, context);
  }
}

package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Set;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Tika's reader of the formats of Office before 2007, with the empty and merged cells of slides,
 * and without hidden sheets. {@code tika-config.xml} registers it.
 */
public final class OldOfficeParser extends OfficeParser {
  private static final long serialVersionUID = 1;

  private static final String SLIDES = "application/vnd.ms-powerpoint";
  private static final String SHEETS = "application/vnd.ms-excel";

  @Override
  public void parse(InputStream in, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    String type = String.valueOf(metadata.get(Metadata.CONTENT_TYPE));
    switch (type) {
      case SLIDES -> parseSlides(TikaInputStream.get(in), handler, metadata, context);
      case SHEETS -> parseSheets(TikaInputStream.get(in), handler, metadata, context);
      default -> super.parse(in, handler, metadata, context);
    }
  }

  private void parseSheets(
      TikaInputStream file, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    HiddenSheets shown = new HiddenSheets(handler, hidden(file));
    super.parse(file, shown, metadata, context);
    HiddenSheets.warn(shown.leftOut(), context.get(Embedded.class));
  }

  private static Set<String> hidden(TikaInputStream file) {
    try {
      return SheetStates.hidden(file.getPath());
    } catch (IOException | RuntimeException e) {
      return Set.of(); // Tika reports it, or reads more
    }
  }

  private void parseSlides(
      TikaInputStream file, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
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

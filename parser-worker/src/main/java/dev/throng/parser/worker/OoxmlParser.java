package dev.throng.parser.worker;

import dev.throng.parser.worker.MarkedCopy.Rewriting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.xmlbeans.XmlException;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Tika's reader of the formats of Office since 2007, with the structure that it does not pass on.
 * {@code tika-config.xml} registers it.
 */
public final class OoxmlParser extends OOXMLParser {
  private static final long serialVersionUID = 1;

  private static final String SHEETS =
      "application/vnd.openxmlformats-officedocument.spreadsheetml";
  private static final String TEXTS =
      "application/vnd.openxmlformats-officedocument.wordprocessingml";
  private static final String MACRO_TEXTS = "application/vnd.ms-word.";

  /** The parts that may contain tables, without their folder, number and extension. */
  private static final Set<String> TEXT_PARTS =
      Set.of("document", "header", "footer", "footnotes", "endnotes");

  private static final String MACRO_SHEETS = "application/vnd.ms-excel.sheet.macroenabled";

  @Override
  public void parse(InputStream in, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    String type = String.valueOf(metadata.get(Metadata.CONTENT_TYPE)).toLowerCase(Locale.ROOT);
    if (type.startsWith(SHEETS) || type.startsWith(MACRO_SHEETS)) {
      parseSheets(TikaInputStream.get(in), handler, metadata, context);
    } else if (type.startsWith(TEXTS) || type.startsWith(MACRO_TEXTS)) {
      Path file = TikaInputStream.get(in).getPath();
      WordStyles styles = WordStyles.of(file);
      Path copy = MarkedCopy.of(file, part -> rewritingOfText(part, styles));
      parseCopy(copy, handler, metadata, context);
    } else {
      super.parse(in, handler, metadata, context);
    }
  }

  private static @Nullable Rewriting rewritingOfText(String part, WordStyles styles) {
    if (part.equals(WordStyles.PART)) {
      return styles::rename;
    }
    boolean isText = part.startsWith("word/") && part.endsWith(".xml");
    return isText && TEXT_PARTS.contains(part.replaceAll("^word/|\\d*\\.xml$", ""))
        ? WordCells::mark
        : null;
  }

  private void parseCopy(Path copy, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    try (TikaInputStream in = TikaInputStream.get(copy)) {
      super.parse(in, handler, metadata, context);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static void parseSheets(
      TikaInputStream in, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    try (OPCPackage container = OPCPackage.open(in.getFile(), PackageAccess.READ)) {
      Workbook workbook = new Workbook(context, container);
      workbook.getMetadataExtractor().extract(metadata);
      workbook.getXHTML(handler, metadata, context);
    } catch (OpenXML4JException | XmlException e) {
      throw new TikaException("not a workbook", e);
    }
  }
}

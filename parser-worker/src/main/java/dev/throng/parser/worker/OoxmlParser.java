package dev.throng.parser.worker;

import dev.throng.parser.worker.MarkedCopy.Rewriting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.util.ZipFileZipEntrySource;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.ooxml.OPCPackageWrapper;
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

  private static final String SLIDES =
      "application/vnd.openxmlformats-officedocument.presentationml";
  private static final String MACRO_SLIDES = "application/vnd.ms-powerpoint.";
  private static final Pattern SLIDE_PART = Pattern.compile("ppt/slides/[^/]{1,100}\\.xml");
  private static final Pattern CHART_PART =
      Pattern.compile("(?:word|ppt)/charts/chart\\d{0,9}\\.xml");

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
    } else if (type.startsWith(SLIDES) || type.startsWith(MACRO_SLIDES)) {
      Path file = TikaInputStream.get(in).getPath();
      Path ordered = SlideOrder.inOrder(file);
      Path copy = MarkedCopy.of(ordered, OoxmlParser::rewritingOfSlides);
      if (!ordered.equals(file)) {
        Files.delete(ordered);
      }
      parseCopy(copy, handler, metadata, context);
    } else {
      super.parse(in, handler, metadata, context);
    }
  }

  private static @Nullable Rewriting rewritingOfSlides(String part) {
    if (CHART_PART.matcher(part).matches()) {
      return Chart::rewrite;
    }
    return SLIDE_PART.matcher(part).matches() ? Slide::rewrite : null;
  }

  private static @Nullable Rewriting rewritingOfText(String part, WordStyles styles) {
    if (part.equals(WordStyles.PART)) {
      return styles::rename;
    }
    if (CHART_PART.matcher(part).matches()) {
      return Chart::rewrite;
    }
    boolean isText = part.startsWith("word/") && part.endsWith(".xml");
    return isText && TEXT_PARTS.contains(part.replaceAll("^word/|\\d*\\.xml$", ""))
        ? WordCells::mark
        : null;
  }

  private void parseCopy(Path copy, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    try (TikaInputStream in = TikaInputStream.get(copy);
        OPCPackage container = open(copy)) {
      in.setOpenContainer(
          new OPCPackageWrapper(container)); // otherwise it is opened with the check
      super.parse(in, handler, metadata, context);
    } catch (InvalidFormatException e) {
      throw new TikaException("not a package of parts", e);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /** Opens a package without the check for bombs of single parts, which {@link BombGuard} makes. */
  private static OPCPackage open(Path file) throws IOException, InvalidFormatException {
    return OPCPackage.open(new ZipFileZipEntrySource(ZipFile.builder().setPath(file).get()));
  }

  private static void parseSheets(
      TikaInputStream in, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    try (OPCPackage container = open(in.getPath())) {
      Workbook workbook = new Workbook(context, container);
      workbook.getMetadataExtractor().extract(metadata);
      HiddenSheets shown = new HiddenSheets(handler, SheetStates.hidden(container, context));
      workbook.getXHTML(shown, metadata, context);
      HiddenSheets.warn(shown.leftOut(), context.get(Embedded.class));
    } catch (OpenXML4JException | XmlException e) {
      throw new TikaException("not a workbook", e);
    }
  }
}

package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackagePart;
import org.apache.poi.openxml4j.opc.PackageRelationship;
import org.apache.poi.ss.util.CellAddress;
import org.apache.poi.xssf.eventusermodel.ReadOnlySharedStringsTable;
import org.apache.poi.xssf.eventusermodel.XSSFReader;
import org.apache.poi.xssf.eventusermodel.XSSFReader.SheetIterator;
import org.apache.poi.xssf.eventusermodel.XSSFSheetXMLHandler.SheetContentsHandler;
import org.apache.poi.xssf.extractor.XSSFEventBasedExcelExtractor;
import org.apache.poi.xssf.model.Comments;
import org.apache.poi.xssf.model.StylesTable;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.microsoft.ooxml.XSSFExcelExtractorDecorator;
import org.apache.tika.sax.XHTMLContentHandler;
import org.apache.xmlbeans.XmlException;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/** Tika's reader of XLSX, with merged cells, blank rows and links of cells. */
final class Workbook extends XSSFExcelExtractorDecorator {
  private static final String NOT_STARTED = "the sheets have not been started";

  private final OPCPackage container;
  private @Nullable XHTMLContentHandler out;

  /** Follows Tika's iterator, so that the structure of a sheet is read before its cells. */
  private @Nullable SheetIterator sheets;

  Workbook(ParseContext context, OPCPackage container)
      throws IOException, OpenXML4JException, SAXException, XmlException {
    super(context, new XSSFEventBasedExcelExtractor(container), Locale.ROOT);
    this.container = container;
  }

  @Override
  protected void buildXHTML(XHTMLContentHandler xhtml)
      throws SAXException, XmlException, IOException {
    out = xhtml;
    try {
      sheets = (SheetIterator) new XSSFReader(container).getSheetsData();
    } catch (OpenXML4JException e) {
      throw new IOException(e);
    }
    super.buildXHTML(xhtml);
  }

  @Override
  public void processSheet(
      SheetContentsHandler inherited,
      Comments comments,
      StylesTable styles,
      ReadOnlySharedStringsTable strings,
      InputStream in)
      throws IOException, SAXException {
    SheetIterator current = sheets;
    XHTMLContentHandler xhtml = out;
    if (current == null || xhtml == null) {
      throw new IllegalStateException(NOT_STARTED);
    }
    SheetStructure structure;
    try (InputStream sheet = current.next()) {
      structure = SheetStructure.read(sheet);
    }
    PackagePart part = current.getSheetPart();
    SheetWriter writer =
        new SheetWriter(
            xhtml,
            inherited,
            structure.merged(),
            address -> target(part, structure.links(), address));
    try {
      super.processSheet(writer, comments, styles, strings, in);
    } catch (SheetWriter.SheetFailure e) {
      throw e.failure();
    }
  }

  private static @Nullable String target(
      PackagePart part, Map<CellAddress, String> links, CellAddress address) {
    String id = links.get(address);
    PackageRelationship relation = id == null ? null : part.getRelationship(id);
    return relation == null ? null : relation.getTargetURI().toString();
  }

  /** Left out, because links are beside the text of their cells. */
  @Override
  protected void extractHyperLinks(PackagePart sheet, XHTMLContentHandler xhtml) {}
}

package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.ParseRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.tika.config.TikaConfig;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.AutoDetectParserConfig;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.ocr.TesseractOCRConfig;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.xml.sax.SAXException;

/** Parses PDF, office formats, EPUB and mails with Apache Tika. */
final class Office {
  private static final String CONFIG = "/dev/throng/parser/worker/tika-config.xml";

  /**
   * Minimum ratio of packed to unpacked bytes. Office files are repetitive, but below this ratio a
   * file is a bomb.
   */
  private static final double MIN_PACKED_SHARE = 0.004;

  /** Maximum depth of the elements that Tika writes. Nested tables take three each. */
  private static final int MAX_ELEMENT_DEPTH = 200;

  /** Above the limit of {@link Embedded}, whose failure names the setting. */
  private static final int MAX_PACKAGE_DEPTH = 1_000;

  private final TikaConfig tika;
  private final AutoDetectParser parser;

  Office() throws IOException, TikaException, SAXException {
    try (InputStream config = Office.class.getResourceAsStream(CONFIG)) {
      if (config == null) {
        throw new IllegalStateException(CONFIG + " is missing");
      }
      this.tika = new TikaConfig(config);
    }
    this.parser = new AutoDetectParser(tika);
    AutoDetectParserConfig limits = new AutoDetectParserConfig();
    limits.setMaximumDepth(MAX_ELEMENT_DEPTH);
    limits.setMaximumPackageEntryDepth(MAX_PACKAGE_DEPTH);
    // Disabled, because Tika compares with the bytes of a stream, but the files are opened
    // directly: it would consider every long office document a bomb. BombGuard compares with the
    // file's size.
    limits.setOutputThreshold(Long.MAX_VALUE);
    parser.setAutoDetectParserConfig(limits);
    ZipSecureFile.setMinInflateRatio(MIN_PACKED_SHARE);
  }

  /**
   * Parses a file by its content.
   *
   * @throws DocumentException when it exceeds a limit
   */
  void parse(Path file, String name, ParseRules rules, TextBuilder text, List<String> warnings)
      throws IOException, TikaException, SAXException {
    Metadata metadata = new Metadata();
    metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
    Markup markup = new Markup(text);
    try (TikaInputStream in = TikaInputStream.get(file)) {
      BombGuard guard = new BombGuard(new Sax(markup), Files.size(file));
      ParseContext context = context(file, rules, warnings);
      parser.parse(in, guard, metadata, context);
      context.get(Embedded.class).warnOfPassedOver(metadata);
    }
    markup.finish();
    String title = metadata.get(TikaCoreProperties.TITLE);
    text.title(title);
  }

  /**
   * Parses a PDF.
   *
   * @throws DocumentException when it exceeds a limit
   */
  void parsePdf(Path file, ParseRules rules, TextBuilder text, List<String> warnings)
      throws IOException, TikaException, SAXException {
    new Pdf(file, rules, context(file, rules, warnings), text, warnings).parse();
  }

  /**
   * Returns the extractor of documents inside a document of another kind.
   *
   * @param file the document that contains them
   */
  Embedded embedded(Path file, ParseRules rules, List<String> warnings) throws IOException {
    return context(file, rules, warnings).get(Embedded.class);
  }

  private ParseContext context(Path file, ParseRules rules, List<String> warnings)
      throws IOException {
    ParseContext context = new ParseContext();
    context.set(TikaConfig.class, tika);
    context.set(Parser.class, parser);
    context.set(ParseRules.class, rules);
    Embedded embedded = new Embedded(parser, context, rules, Content.isCompressed(file), warnings);
    context.set(EmbeddedDocumentExtractor.class, embedded);
    context.set(Embedded.class, embedded);
    OfficeParserConfig office = new OfficeParserConfig();
    // Uses events instead of a tree in memory: large documents need little heap, and deep ones no
    // stack.
    office.setUseSAXDocxExtractor(true);
    office.setUseSAXPptxExtractor(true);
    office.setIncludeDeletedContent(false);
    office.setIncludeMoveFromContent(false);
    office.setExtractMacros(false);
    context.set(OfficeParserConfig.class, office);
    PDFParserConfig pdf = new PDFParserConfig();
    pdf.setExtractBookmarksText(false); // repeats the headings
    pdf.setDetectAngles(true); // otherwise rotated text is fragmented
    pdf.setExtractInlineImages(false);
    pdf.setExtractUniqueInlineImagesOnly(true);
    pdf.setOcrStrategy(
        rules.isWithOcr()
            ? PDFParserConfig.OCR_STRATEGY.AUTO
            : PDFParserConfig.OCR_STRATEGY.NO_OCR);
    context.set(PDFParserConfig.class, pdf);
    TesseractOCRConfig ocr = new TesseractOCRConfig();
    ocr.setSkipOcr(!rules.isWithOcr());
    ocr.setLanguage(rules.ocrLanguages());
    context.set(TesseractOCRConfig.class, ocr);
    return context;
  }
}

package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.ParseRules;
import dev.throng.parser.worker.pdf.PdfText;
import dev.throng.parser.worker.pdf.PdfText.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.io.RandomAccessStreamCache.StreamCacheCreateFunction;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentCatalog;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDMetadata;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.parser.pdf.PDMetadataExtractor;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/** Parses a PDF: its text by {@link PdfText}, its forms and attachments by Tika. */
final class Pdf {
  /** Decoded streams beyond this are kept in a temporary file. */
  private static final long MAX_CACHE_BYTES = 64 << 20;

  private final Path file;
  private final ParseRules rules;
  private final ParseContext context;
  private final TextBuilder text;
  private final List<String> warnings;

  Pdf(Path file, ParseRules rules, ParseContext context, TextBuilder text, List<String> warnings) {
    this.file = file;
    this.rules = rules;
    this.context = context;
    this.text = text;
    this.warnings = warnings;
  }

  void parse() throws IOException, TikaException, SAXException {
    Report report;
    boolean hasParts;
    try (PDDocument document =
        Loader.loadPDF(
            file.toFile(), "", MemoryUsageSetting.setupMixed(MAX_CACHE_BYTES).streamCache)) {
      text.title(title(document));
      PdfBlocks blocks = new PdfBlocks(text, rules, Files.size(file));
      report = PdfText.read(document, blocks, new PdfOcr(rules, context));
      hasParts = report.hasParts() || hasParts(document);
    } catch (InvalidPasswordException e) {
      throw new EncryptedDocumentException(e);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No security handler")) {
        throw new EncryptedDocumentException(e);
      }
      throw e;
    }
    if (hasParts) {
      parseParts();
    }
    warn(report);
  }

  private @Nullable String title(PDDocument document) {
    PDMetadata described = document.getDocumentCatalog().getMetadata();
    Metadata metadata = new Metadata();
    if (described != null) {
      PDMetadataExtractor.extract(described, metadata, context);
    }
    String title = metadata.get(TikaCoreProperties.TITLE);
    return title == null ? document.getDocumentInformation().getTitle() : title;
  }

  /** Returns whether there may be a form or files. */
  private static boolean hasParts(PDDocument document) {
    PDDocumentCatalog catalog = document.getDocumentCatalog();
    return catalog.getCOSObject().containsKey(COSName.ACRO_FORM)
        || catalog.getCOSObject().containsKey(COSName.getPDFName("AF"))
        || (catalog.getNames() != null && catalog.getNames().getEmbeddedFiles() != null);
  }

  private void parseParts() throws IOException, TikaException, SAXException {
    PDFParserConfig config = new PDFParserConfig();
    config.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
    config.setExtractBookmarksText(false);
    config.setExtractAnnotationText(false);
    ParseContext ofParts = new ParseContext();
    ofParts.set(PDFParserConfig.class, config);
    ofParts.set(EmbeddedDocumentExtractor.class, context.get(Embedded.class));
    Markup markup = new Markup(text);
    Metadata metadata = new Metadata();
    try (TikaInputStream in = TikaInputStream.get(file)) {
      BombGuard guard = new BombGuard(Sax.withoutPages(markup), Files.size(file));
      new PartsParser().parse(in, guard, metadata, ofParts);
    } catch (TikaException | IOException e) {
      boolean isUsable = Failures.limit(e) == null && text.chars() > 0;
      if (!isUsable) {
        throw e;
      }
      warnings.add("a part could not be read: " + Failures.rootMessage(e));
    }
    context.get(Embedded.class).warnOfPassedOver(metadata);
    markup.finish();
  }

  /** Tika's parser, for all but the content of pages. */
  private static final class PartsParser extends PDFParser {
    private static final long serialVersionUID = 1L;

    @Override
    protected PDDocument getPDDocument(
        Path path,
        String password,
        StreamCacheCreateFunction cache,
        Metadata metadata,
        ParseContext context)
        throws IOException {
      PDDocument document = super.getPDDocument(path, password, cache, metadata, context);
      for (PDPage page : document.getPages()) {
        page.getCOSObject().removeItem(COSName.CONTENTS);
      }
      return document;
    }
  }

  private void warn(Report report) throws TikaException, IOException {
    if (report.failure() != null) {
      warnOfIncompletePages(report, report.failure());
    }
    if (report.pagesWithRunningLines() > 0) {
      warnings.add(
          "running heads and feet of %d pages were left out"
              .formatted(report.pagesWithRunningLines()));
    }
    if (!report.garbledPages().isEmpty()) {
      warnings.add(
          "the text of %d pages may be nonsense, because their fonts do not name their characters: %s"
              .formatted(report.garbledPages().size(), TextCheck.ranges(report.garbledPages())));
    }
  }

  private void warnOfIncompletePages(Report report, Throwable failure) throws TikaException {
    boolean isOfItsParts = Failures.classify(failure).reason() == Reason.DOCUMENT_UNREADABLE;
    if (!isOfItsParts || text.chars() == 0) {
      throw new TikaException("Unable to extract PDF content", failure);
    }
    warnings.add(
        "a part could not be read: %s, on page %s"
            .formatted(Failures.rootMessage(failure), TextCheck.ranges(report.incompletePages())));
  }
}

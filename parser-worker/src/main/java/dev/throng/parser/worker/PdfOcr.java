package dev.throng.parser.worker;

import dev.throng.parser.api.ParseRules;
import dev.throng.parser.worker.pdf.PdfText.PageImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.tools.imageio.ImageIOUtil;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.sax.BodyContentHandler;
import org.xml.sax.SAXException;

/** Reads pages that are images with tesseract, where the rules demand it. */
final class PdfOcr implements PageImages {
  private static final MediaType TYPE = MediaType.image("ocr-png");
  private static final int DOTS_PER_INCH = 300;
  private static final Pattern BLANK_LINES = Pattern.compile("\\R\\s*\\R");

  private final ParseRules rules;
  private final ParseContext context;

  PdfOcr(ParseRules rules, ParseContext context) {
    this.rules = rules;
    this.context = context;
  }

  @Override
  public List<String> paragraphs(PDDocument document, int page) throws IOException {
    Parser parser = context.get(Parser.class);
    if (!rules.isWithOcr() || !parser.getSupportedTypes(context).contains(TYPE)) {
      return List.of();
    }
    Metadata metadata = new Metadata();
    metadata.set(TikaCoreProperties.CONTENT_TYPE_PARSER_OVERRIDE, TYPE.toString());
    BodyContentHandler words = new BodyContentHandler(rules.maxTextChars());
    try (TikaInputStream in = TikaInputStream.get(png(document, page))) {
      parser.parse(in, words, metadata, context);
    } catch (TikaException | SAXException e) {
      throw new IOException("page %d cannot be read by OCR".formatted(page + 1), e);
    }
    return BLANK_LINES
        .splitAsStream(words.toString())
        .filter(paragraph -> !paragraph.isBlank())
        .toList();
  }

  private static byte[] png(PDDocument document, int page) throws IOException {
    BufferedImage image =
        new PDFRenderer(document).renderImageWithDPI(page, DOTS_PER_INCH, ImageType.GRAY);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIOUtil.writeImage(image, "png", bytes, DOTS_PER_INCH);
    return bytes.toByteArray();
  }
}

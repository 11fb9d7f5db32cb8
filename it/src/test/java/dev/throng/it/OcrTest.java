package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.config.ConfigLoader;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.client.BlockReader;
import dev.throng.parser.client.DocumentParser;
import dev.throng.parser.client.ParsedDocument;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scans that a real tesseract reads, page by page. */
@Timeout(180)
final class OcrTest {
  private static final int WIDTH = 1240;
  private static final int HEIGHT = 800;

  @TempDir private Path folder = Path.of("");

  private DocumentParser parser(boolean isWithOcr) {
    String path = Component.path("tesseract");
    assertTrue(Files.isExecutable(Path.of(path)), path);
    return new DocumentParser(
        ConfigLoader.load(null, Map.of(), Map.of("ingest.ocr", Boolean.toString(isWithOcr)))
            .ingest()
            .parser(),
        folder.resolve("spool"));
  }

  @Test
  void scanIsReadPageByPage() throws IOException {
    Path scan =
        Files.write(folder.resolve("scan.pdf"), pdf("Invoice number 4711", "Total amount 99"));
    try (DocumentParser parser = parser(true);
        ParsedDocument document = parser.parse(scan, "scan.pdf")) {
      Map<Integer, String> pages = pages(document);
      assertTrue(pages.getOrDefault(1, "").contains("4711"), pages::toString);
      assertTrue(pages.getOrDefault(2, "").contains("99"), pages::toString);
      assertEquals(2, document.pages());
    }
  }

  @Test
  void imageIsReadAndOneWithoutTextIsAnError() throws IOException {
    Path image = folder.resolve("photo.png");
    ImageIO.write(page("Payable within thirty days"), "png", image.toFile());
    Path blank = folder.resolve("blank.png");
    ImageIO.write(page(""), "png", blank.toFile());
    try (DocumentParser parser = parser(true)) {
      try (ParsedDocument document = parser.parse(image, "photo.png")) {
        assertTrue(pages(document).toString().contains("thirty days"), pages(document)::toString);
      }
      ThrongException failure =
          assertThrows(ThrongException.class, () -> parser.parse(blank, "blank.png").close());
      assertEquals(ErrorCode.DOCUMENT_NO_TEXT, failure.code());
    }
  }

  @Test
  void scanIsReportedWhenOcrIsDisabled() throws IOException {
    Path scan = Files.write(folder.resolve("scan.pdf"), pdf("Invoice number 4711"));
    try (DocumentParser parser = parser(false)) {
      ThrongException failure =
          assertThrows(ThrongException.class, () -> parser.parse(scan, "scan.pdf").close());
      assertEquals(ErrorCode.DOCUMENT_NEEDS_OCR, failure.code());
    }
  }

  private static Map<Integer, String> pages(ParsedDocument document) throws IOException {
    Map<Integer, String> pages = new TreeMap<>();
    BlockReader blocks = document.blocks();
    for (ParsedBlock block = blocks.next(); block != null; block = blocks.next()) {
      pages.merge(block.page(), block.text(), (a, b) -> a + "\n" + b);
    }
    return pages;
  }

  private static BufferedImage page(String words) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 48));
    graphics.drawString(words, 80, 200);
    graphics.dispose();
    return image;
  }

  /** One page for each string; a page is a picture of the words and nothing else. */
  private static byte[] pdf(String... words) throws IOException {
    ByteArrayOutputStream pdf = new ByteArrayOutputStream();
    StringBuilder kids = new StringBuilder();
    for (int i = 0; i < words.length; i++) {
      kids.append("%d 0 R ".formatted(3 + 3 * i));
    }
    write(pdf, "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
    write(pdf, "2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n".formatted(kids, words.length));
    for (int i = 0; i < words.length; i++) {
      ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
      ImageIO.write(page(words[i]), "jpg", jpeg);
      int number = 3 + 3 * i;
      String draw = "q 595 0 0 384 0 300 cm /I Do Q";
      write(
          pdf,
          "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I %d 0 R>>>>/Contents %d 0 R>>endobj\n"
              .formatted(number, number + 1, number + 2));
      write(
          pdf,
          "%d 0 obj<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode/Length %d>>stream\n"
              .formatted(number + 1, WIDTH, HEIGHT, jpeg.size()));
      jpeg.writeTo(pdf);
      write(
          pdf,
          "\nendstream endobj\n%d 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
              .formatted(number + 2, draw.length(), draw));
    }
    write(pdf, "trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n");
    return pdf.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String words) {
    out.writeBytes(words.getBytes(StandardCharsets.ISO_8859_1));
  }
}

package dev.throng.parser.worker;

import dev.throng.parser.api.BlockSink;
import dev.throng.parser.api.ParseRules;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.ParsedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.util.Matrix;

/** A PDF that a test draws, and what is read from it. Places are points from the upper left. */
final class DrawnPdf implements AutoCloseable {
  static final PDFont PLAIN = new PDType1Font(FontName.HELVETICA);
  static final PDFont BOLD = new PDType1Font(FontName.HELVETICA_BOLD);

  private static final ParseRules RULES =
      new ParseRules(10_000_000, 200, 1_000, false, false, "eng");

  private final PDDocument document = new PDDocument();
  private PDRectangle size = PDRectangle.A4;
  private PDPageContentStream content;

  DrawnPdf() throws IOException {
    this.content = page();
  }

  /** What was read. */
  record Read(List<ParsedBlock> blocks, List<ParsedPage> pages, List<String> warnings) {
    List<String> texts(Kind kind) {
      return Blocks.texts(blocks, kind);
    }

    String text() {
      return String.join("\n", blocks.stream().map(ParsedBlock::text).toList());
    }
  }

  private PDPageContentStream page() throws IOException {
    PDPage page = new PDPage(size);
    document.addPage(page);
    return new PDPageContentStream(document, page);
  }

  DrawnPdf nextPage() throws IOException {
    content.close();
    content = page();
    return this;
  }

  PDDocument document() {
    return document;
  }

  PDPage lastPage() {
    return document.getPage(document.getNumberOfPages() - 1);
  }

  DrawnPdf text(float left, float top, String text) throws IOException {
    return text(left, top, text, PLAIN, 11);
  }

  DrawnPdf text(float left, float top, String text, PDFont font, float points) throws IOException {
    return text(Matrix.getTranslateInstance(left, size.getHeight() - top), text, font, points);
  }

  DrawnPdf text(Matrix place, String text, PDFont font, float points) throws IOException {
    content.beginText();
    content.setFont(font, points);
    content.setTextMatrix(place);
    content.showText(text);
    content.endText();
    return this;
  }

  /** Draws lines below each other, 14 points apart. */
  DrawnPdf lines(float left, float top, String... lines) throws IOException {
    float place = top;
    for (String line : lines) {
      text(left, place, line);
      place += 14;
    }
    return this;
  }

  DrawnPdf rule(float left, float top, float right, float bottom) throws IOException {
    content.moveTo(left, size.getHeight() - top);
    content.lineTo(right, size.getHeight() - bottom);
    content.stroke();
    return this;
  }

  /** Draws the lines of a table with rows of 20 points and columns of 100 points. */
  DrawnPdf grid(float left, float top, int columns, int rows) throws IOException {
    for (int row = 0; row <= rows; row++) {
      rule(left, top + 20 * row, left + 100 * columns, top + 20 * row);
    }
    for (int column = 0; column <= columns; column++) {
      rule(left + 100 * column, top, left + 100 * column, top + 20 * rows);
    }
    return this;
  }

  Path save(Path folder) throws IOException {
    content.close();
    Path file = Files.createTempFile(folder, "drawn", ".pdf");
    document.save(file.toFile());
    return file;
  }

  Read read(Path folder) throws Exception {
    List<ParsedBlock> blocks = new ArrayList<>();
    List<ParsedPage> pages = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    BlockSink sink =
        new BlockSink() {
          @Override
          public void add(ParsedBlock block) {
            blocks.add(block);
          }

          @Override
          public void page(ParsedPage page) {
            pages.add(page);
          }
        };
    Path file = save(folder);
    new Formats()
        .parse(file, "drawn.pdf", RULES, new TextBuilder(RULES.maxTextChars(), sink), warnings);
    return new Read(blocks, pages, warnings);
  }

  @Override
  public void close() throws IOException {
    document.close();
  }
}

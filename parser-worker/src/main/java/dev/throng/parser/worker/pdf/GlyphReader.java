package dev.throng.parser.worker.pdf;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.font.PDType3Font;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.apache.pdfbox.util.Matrix;
import org.apache.pdfbox.util.Vector;
import org.jspecify.annotations.Nullable;

/** Passes on the glyphs and lines of each page of a document. */
final class GlyphReader extends PDFTextStripper {
  /** More glyphs on one page are left out. */
  private static final int MAX_GLYPHS = 1_000_000;

  private static final int SEMIBOLD = 600;

  /** Zero-width marks, the byte order mark, and characters that are none. */
  private static final String INVISIBLE = "\u200b\u2060\ufeff\ufffe\uffff";

  private final PDDocument source;
  private final PageReceiver receiver;
  private final IdentityHashMap<PDFont, Boolean> boldFonts = new IdentityHashMap<>();
  private final Map<Integer, List<Glyph>> glyphs = new TreeMap<>();
  private final Map<Integer, Frame> frames = new HashMap<>();
  private final RuleReader rules;
  private PageSpace space;
  private int glyphCount;
  private int unmapped;
  private @Nullable Throwable failure;

  /** Receives pages in order. */
  interface PageReceiver {
    void page(PDPage page, DrawnPage drawn) throws IOException;
  }

  /**
   * What a page draws.
   *
   * @param glyphs by the angle of their direction, in the order in which they are drawn
   * @param unmapped number of glyphs whose characters are not known
   * @param failure why some of it could not be read; null when all of it was
   */
  record DrawnPage(
      int number,
      PageSpace space,
      Map<Integer, List<Glyph>> glyphs,
      List<Rule> horizontals,
      List<Rule> verticals,
      int unmapped,
      @Nullable Throwable failure) {}

  GlyphReader(PDDocument document, PageReceiver receiver) {
    this.source = document;
    this.receiver = receiver;
    this.space = new PageSpace(new PDPage());
    this.rules = new RuleReader(this, space);
    setSortByPosition(false);
    setShouldSeparateByBeads(false);
  }

  void read() throws IOException {
    writeText(source, Writer.nullWriter());
  }

  @Override
  public void processPage(PDPage page) throws IOException {
    space = new PageSpace(page);
    rules.start(space);
    glyphs.clear();
    glyphCount = 0;
    unmapped = 0;
    failure = null;
    try {
      super.processPage(page);
    } catch (IOException | RuntimeException e) {
      failure = e;
      writePage(); // what precedes the fault is usable
    }
    receiver.page(
        page,
        new DrawnPage(
            getCurrentPageNo(),
            space,
            glyphs,
            rules.horizontals(),
            rules.verticals(),
            unmapped,
            failure));
  }

  @Override
  protected void showGlyph(Matrix matrix, PDFont font, int code, Vector displacement)
      throws IOException {
    if (glyphCount >= MAX_GLYPHS) {
      return;
    }
    if (font instanceof PDType0Font && font.toUnicode(code) == null) {
      unmapped++;
    }
    super.showGlyph(matrix, font, code, displacement);
  }

  @Override
  protected void processTextPosition(TextPosition text) {
    glyphCount++;
    super.processTextPosition(text);
  }

  @Override
  protected void writePage() {
    for (List<TextPosition> article : charactersByArticle) {
      for (TextPosition text : article) {
        add(text);
      }
      article.clear();
    }
  }

  private void add(TextPosition text) {
    Matrix matrix = text.getTextMatrix();
    String characters = visible(text.getUnicode());
    boolean hasDirection = matrix.getScaleX() != 0 || matrix.getShearY() != 0;
    if (characters.isEmpty() || !hasDirection) {
      return;
    }
    int degrees = space.degrees(matrix.getScaleX(), matrix.getShearY());
    List<Glyph> ofAngle = glyphs.computeIfAbsent(degrees, angle -> new ArrayList<>());
    Frame frame = frames.computeIfAbsent(degrees, Frame::new);
    float startX = matrix.getTranslateX();
    float startY = matrix.getTranslateY();
    float x = space.x(startX, startY);
    float y = space.y(startX, startY);
    float left = frame.along(x, y);
    float advance = (float) Math.hypot(text.getEndX() - startX, text.getEndY() - startY);
    if (Float.isFinite(left + advance) && Float.isFinite(x + y)) {
      ofAngle.add(
          new Glyph(
              characters, left, left + advance, frame.down(x, y), sizeOf(text), isBold(text)));
    }
  }

  /** Returns text without characters that are not seen, where any blank is a space. */
  private String visible(@Nullable String characters) {
    if (characters == null) {
      return "";
    }
    StringBuilder visible = new StringBuilder(characters.length());
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        visible.append(' ');
      } else if (Character.isISOControl(c)) {
        unmapped++;
      } else if (INVISIBLE.indexOf(c) < 0) {
        visible.append(c);
      }
    }
    return visible.toString();
  }

  private static float sizeOf(TextPosition text) {
    float size = text.getFont() instanceof PDType3Font ? 2 * text.getHeightDir() : text.getYScale();
    return Float.isFinite(size) && size > 0.1f ? size : 1;
  }

  private boolean isBold(TextPosition text) {
    return boldFonts.computeIfAbsent(text.getFont(), GlyphReader::isBold);
  }

  private static boolean isBold(PDFont font) {
    String name = String.valueOf(font.getName()).toLowerCase(Locale.ROOT);
    PDFontDescriptor descriptor = font.getFontDescriptor();
    return name.contains("bold")
        || name.contains("black")
        || name.contains("heavy")
        || (descriptor != null
            && (descriptor.isForceBold() || descriptor.getFontWeight() >= SEMIBOLD));
  }
}

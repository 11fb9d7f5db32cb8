package dev.throng.parser.worker.pdf;

import dev.throng.parser.api.ParsedPage;
import dev.throng.parser.worker.pdf.GlyphReader.DrawnPage;
import dev.throng.parser.worker.pdf.PageText.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a PDF. A first pass stores the pieces of text of many pages and collects what
 * they have in common; a second one puts them in order.
 */
public final class PdfText {
  /** With fewer characters, a page is given to {@link PageImages}. */
  private static final int MIN_CHARS = 10;

  /**
   * After this many pages, their text is passed on, so that a long document shows its progress and
   * its temporary file stays short.
   */
  private static final int MAX_PAGES = 300;

  private static final int MAX_ASIDE_CHARS = 50_000;

  private final PDDocument document;
  private final PdfSink sink;
  private final PageImages images;
  private final List<String> labels;
  private final IdentityHashMap<COSDictionary, Integer> pageNumbers = new IdentityHashMap<>();
  private final RunningLines running = new RunningLines();
  private final FontSizes sizes = new FontSizes();
  private final Hyphenation hyphenation = new Hyphenation();
  private final Flow flow;
  private final List<Integer> garbled = new ArrayList<>();
  private final List<Integer> incomplete = new ArrayList<>();
  private @Nullable Throwable failure;
  private boolean hasParts;
  private int columns;
  private int pagesWithRunningLines;

  /** Reads the words in the image of a page. */
  public interface PageImages {
    /**
     * Returns the paragraphs of a page.
     *
     * @param page index, from 0
     */
    List<String> paragraphs(PDDocument document, int page) throws IOException;
  }

  /**
   * What was left out, or may be wrong. Pages are numbers from 1.
   *
   * @param garbledPages pages whose text is nonsense
   * @param incompletePages pages that could not be read completely
   * @param failure why the first of them could not, or null
   * @param pagesWithRunningLines number of pages of which a running head or foot was left out
   * @param hasParts whether there may be attachments besides the text
   */
  public record Report(
      List<Integer> garbledPages,
      List<Integer> incompletePages,
      @Nullable Throwable failure,
      int pagesWithRunningLines,
      boolean hasParts) {}

  private PdfText(PDDocument document, PdfSink sink, PageImages images) {
    this.document = document;
    this.sink = sink;
    this.images = images;
    this.labels = PageLabels.of(document);
    this.flow = new Flow(sink, hyphenation);
  }

  /** Passes on the blocks of a document. */
  public static Report read(PDDocument document, PdfSink sink, PageImages images)
      throws IOException {
    PdfText text = new PdfText(document, sink, images);
    try (PageSpool spool = new PageSpool()) {
      new GlyphReader(document, (page, drawn) -> text.add(page, drawn, spool)).read();
      text.write(spool);
    }
    text.flow.finish();
    return new Report(
        text.garbled, text.incomplete, text.failure, text.pagesWithRunningLines, text.hasParts);
  }

  private void add(PDPage page, DrawnPage drawn, PageSpool spool) throws IOException {
    spool.add(collect(page, drawn));
    if (spool.pages() >= MAX_PAGES) {
      write(spool);
      spool.clear();
    }
  }

  private PageText collect(PDPage page, DrawnPage drawn) throws IOException {
    int number = drawn.number();
    pageNumbers.put(page.getCOSObject(), number);
    if (drawn.failure() != null) {
      incomplete.add(number);
      failure = failure == null ? drawn.failure() : failure;
    }
    List<Part> parts = parts(drawn);
    long chars = 0;
    for (int i = 0; i < parts.size(); i++) {
      for (Piece piece : parts.get(i).pieces()) {
        chars += piece.text().length();
        hyphenation.add(piece.text());
        if (i == 0) {
          sizes.add(piece);
        }
      }
    }
    sink.found(chars);
    if (!parts.isEmpty() && parts.getFirst().degrees() == 0) {
      running.count(number, parts.getFirst().pieces(), drawn.space().height());
    } else {
      running.count(number, List.of(), drawn.space().height());
    }
    if (Legibility.isGarbled(parts, drawn.unmapped())) {
      garbled.add(number);
    }
    Annotations comments = Annotations.of(page);
    hasParts |= comments.hasFiles();
    Set<String> asides = new LinkedHashSet<>();
    if (chars <= MIN_CHARS) {
      asides.addAll(images.paragraphs(document, number - 1));
    }
    asides.addAll(comments.texts());
    String label = number <= labels.size() ? labels.get(number - 1) : Integer.toString(number);
    ParsedPage parsed =
        new ParsedPage(number, label, drawn.space().width(), drawn.space().height());
    return new PageText(parsed, parts, asides.stream().map(PdfText::shortened).toList());
  }

  private static String shortened(String aside) {
    return aside.substring(0, Math.min(aside.length(), MAX_ASIDE_CHARS));
  }

  /** Returns the text of a page by its directions, the one with most glyphs first. */
  private static List<Part> parts(DrawnPage drawn) {
    List<Part> parts = new ArrayList<>();
    drawn.glyphs().entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> -entry.getValue().size()))
        .forEach(entry -> {
          Rules rules = Rules.of(drawn, new Frame(entry.getKey()));
          List<Piece> pieces = Pieces.of(entry.getValue(), rules.verticals());
          if (!pieces.isEmpty()) {
            parts.add(new Part(entry.getKey(), pieces, rules.horizontals(), rules.verticals()));
          }
        });
    return parts;
  }

  private void write(PageSpool spool) throws IOException {
    sizes.settle();
    flow.use(new Headings(sizes, Outline.of(document, pageNumbers)));
    spool.read(this::write);
  }

  private void write(PageText page) {
    int number = page.page().number();
    sink.page(page.page());
    boolean isMain = true;
    for (Part part : page.parts()) {
      List<Piece> pieces = part.pieces();
      if (part.degrees() == 0) {
        pieces = running.without(number, pieces, page.page().height(), sizes.body());
        pagesWithRunningLines += pieces.size() < part.pieces().size() ? 1 : 0;
      }
      List<Piece> withTables = RuledTables.gather(pieces, part.horizontals(), part.verticals());
      List<Item> items = Layout.order(withTables, columns);
      for (Item item : items) {
        columns = item instanceof Line line ? Math.max(columns, line.column()) : columns;
      }
      columns++;
      flow.add(Paragraphs.of(items, sizes), number, new Frame(part.degrees()), !isMain);
      isMain = false;
    }
    flow.addAsides(page.asides());
  }
}

package dev.throng.retrieval;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.DocumentIds;
import dev.throng.core.Chunk;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.core.PageLayout;
import dev.throng.core.Ticker;
import dev.throng.fixtures.TestCorpus;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.TextLine;
import dev.throng.parser.client.MemoryDocument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text of documents, read back from their chunks. */
final class DocumentReaderTest {
  private static final int PAGES = 40;
  private static final int LINES_PER_PAGE = 12;
  private static final int LINES_PER_PARAGRAPH = 5;
  private static final int ALL = 1_000_000;

  private final TestCorpus corpus;
  private final DocumentReader reader;
  private final MemoryDocument book = book();

  DocumentReaderTest(@TempDir Path folder) {
    corpus = new TestCorpus(folder);
    reader = new DocumentReader(corpus.catalog(), corpus.store());
    corpus.write("another.md", "A short text.\n\nWith two paragraphs 😀.");
    Hash hash = Hash.of("book".getBytes(StandardCharsets.UTF_8));
    corpus.indexer().ingest(TestCorpus.REF, "book.pdf", book, "Book", hash, Metadata.NONE, null);
    corpus.publish();
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  /** Pages of twelve lines, in paragraphs of five, which therefore continue over the pages. */
  private static MemoryDocument book() {
    List<ParsedBlock> blocks = new ArrayList<>();
    int lineCount = PAGES * LINES_PER_PAGE;
    for (int first = 0; first < lineCount; first += LINES_PER_PARAGRAPH) {
      StringBuilder text = new StringBuilder();
      List<TextLine> lines = new ArrayList<>();
      for (int i = first; i < Math.min(lineCount, first + LINES_PER_PARAGRAPH); i++) {
        lines.add(
            new TextLine(text.length(), pageOf(i), 70, 80 + i % LINES_PER_PAGE * 14, 400, 11));
        text.append(line(i)).append(' ');
      }
      text.setLength(text.length() - 1);
      blocks.add(new ParsedBlock(Kind.PARAGRAPH, 0, pageOf(first), text.toString(), lines, false));
    }
    blocks.add(new ParsedBlock(Kind.PARAGRAPH, 0, 0, "Values of the form at the end."));
    return new MemoryDocument("Book", blocks);
  }

  private static int pageOf(int line) {
    return 1 + line / LINES_PER_PAGE;
  }

  private static String line(int number) {
    return "Line %d says that rule %d holds, and no other.".formatted(number, number * 7);
  }

  private static Deadline soon() {
    return Deadline.after(Ticker.system(), Duration.ofSeconds(30));
  }

  private static String id(String uri) {
    return DocumentIds.of(TestCorpus.REF, uri);
  }

  private DocumentText page(int page, int start, int limit) {
    return reader.page(TestCorpus.REF, id("book.pdf"), page, start, limit, soon());
  }

  private DocumentText text(String uri, int start, int limit) {
    return reader.text(TestCorpus.REF, id(uri), start, limit, soon());
  }

  private static String joined(DocumentText text) {
    return text.parts().stream().map(DocumentText.Part::text).collect(Collectors.joining());
  }

  @Test
  void everyPageHasItsLinesAndTheirPositions() {
    for (int page = 1; page <= PAGES; page++) {
      DocumentText text = page(page, 0, ALL);
      int first = (page - 1) * LINES_PER_PAGE;
      List<String> expected = new ArrayList<>();
      for (int i = first; i < first + LINES_PER_PAGE; i++) {
        expected.add(line(i));
      }
      List<PageLayout> layout = text.pages();
      assertEquals(1, layout.size(), "page " + page);
      assertEquals(page, layout.getFirst().page());
      List<PageLayout.Line> lines = layout.getFirst().lines();
      assertEquals(
          expected,
          lines.stream().map(line -> book.text().substring(line.start(), line.end())).toList());
      assertEquals(80, lines.getFirst().top());
      assertEquals(String.join(" ", expected), joined(text).strip().replace("\n\n", " "));
      assertNull(text.next());
    }
  }

  @Test
  void partsHaveAsManyCharactersAsTheirSpans() {
    for (int page : new int[] {1, 2, 17, PAGES}) {
      for (DocumentText.Part part : page(page, 0, ALL).parts()) {
        assertEquals(
            book.text().substring(part.span().start(), part.span().end()).strip(),
            part.text().strip());
        assertEquals(part.text().length(), part.span().end() - part.span().start());
      }
    }
  }

  @Test
  void textIsReadPieceByPiece() {
    for (int limit : new int[] {97, 1_000, 5_000, ALL}) {
      StringBuilder whole = new StringBuilder();
      Integer next = 0;
      while (next != null) {
        DocumentText piece = text("book.pdf", next, limit);
        next = piece.next();
        while (next != null && whole.length() + joined(piece).length() < next) {
          whole.append('\n'); // blanks in front of the piece
        }
        whole.append(joined(piece));
      }
      assertEquals(book.text().replaceAll("\\s+", " "), whole.toString().replaceAll("\\s+", " "));
    }
  }

  @Test
  void characterOfTwoCodeUnitsIsNotSplit() {
    String whole = "A short text.\n\nWith two paragraphs 😀.";
    for (int limit = 1; limit < whole.length(); limit++) {
      DocumentText piece = text("another.md", 0, limit);
      int end = piece.parts().getLast().span().end();
      assertTrue(end >= limit || piece.next() == null, () -> piece.toString());
      assertEquals(whole.substring(0, end), joined(piece));
      assertTrue(!Character.isHighSurrogate(joined(piece).charAt(end - 1)));
    }
  }

  @Test
  void pageIsReadPieceByPiece() {
    DocumentText first = page(3, 0, 100);
    assertEquals(100, joined(first).length());
    DocumentText rest = page(3, Objects.requireNonNull(first.next()), ALL);
    assertEquals(joined(page(3, 0, ALL)), joined(first) + joined(rest));
  }

  @Test
  void pageThatDoesNotExistIsUnknown() {
    assertFails(
        ErrorCode.UNKNOWN_PAGE, () -> page(41, 0, ALL), "page 41 of book.pdf (expected: 1 to 40)");
    assertFails(
        ErrorCode.UNKNOWN_PAGE,
        () -> reader.page(TestCorpus.REF, id("another.md"), 1, 0, ALL, soon()),
        "another.md has no pages");
    assertFails(ErrorCode.UNKNOWN_DOCUMENT, () -> text("none.pdf", 0, ALL));
  }

  @Test
  void chunksAreReadByOrdinal() {
    DocumentReader.Chunks some = reader.chunks(TestCorpus.REF, id("book.pdf"), 3, 4, soon());
    assertEquals(List.of(3, 4, 5, 6), some.chunks().stream().map(Chunk::ordinal).toList());
    int count = some.document().chunkCount();
    assertEquals(
        1, reader.chunks(TestCorpus.REF, id("book.pdf"), count - 1, 99, soon()).chunks().size());
    assertEquals(
        List.of(), reader.chunks(TestCorpus.REF, id("book.pdf"), count, 99, soon()).chunks());
  }

  @Test
  void copyOfADocumentKeepsThePositions() {
    DocumentText before = page(5, 0, ALL);
    corpus
        .indexer()
        .ingest(
            TestCorpus.REF,
            "book.pdf",
            book(),
            "Book",
            Hash.of("again".getBytes(StandardCharsets.UTF_8)),
            Metadata.NONE,
            null);
    corpus.publish();
    DocumentText after = page(5, 0, ALL);
    assertEquals(before.pages(), after.pages());
    assertEquals(before.parts(), after.parts());
    assertTrue(after.document().version() > before.document().version());
  }
}

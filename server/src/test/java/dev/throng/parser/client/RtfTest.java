package dev.throng.parser.client;

import static dev.throng.fixtures.Failures.assertFails;
import static dev.throng.parser.client.Blocks.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.fixtures.Configs;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** RTF as word processors and small programs write it. */
@TestInstance(Lifecycle.PER_CLASS)
final class RtfTest {
  private final Path folder;
  private final DocumentParser parser;

  RtfTest(@TempDir Path folder) {
    this.folder = folder;
    this.parser =
        new DocumentParser(
            Configs.with("ingest.parse_workers", "1").ingest().parser(), folder.resolve("spool"));
  }

  @AfterAll
  void close() {
    parser.close();
  }

  private MemoryDocument parse(String rtf) {
    try {
      Path file = Files.writeString(folder.resolve("a.rtf"), rtf, StandardCharsets.ISO_8859_1);
      try (ParsedDocument document = parser.parse(file, "a.rtf")) {
        return MemoryDocument.copyOf(document);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tablesAreReadAsRowsUnderTheirHeader() {
    MemoryDocument document =
        parse(
            """
            {\\rtf1\\ansi\\pard Before.\\par
            \\trowd\\cellx1\\cellx2\\pard\\intbl{\\b City\\cell Price\\cell}\\row
            \\trowd\\cellx1\\cellx2\\pard\\intbl Leiden\\par on Sunday\\cell \\u8364?4\\cell\\row
            \\trowd\\cellx1\\cellx2\\pard\\intbl Delft\\cell\\cell\\row
            \\pard After\\par the end\\par}
            """);
    assertEquals(List.of("| City | Price |"), texts(document, Kind.TABLE_HEADER));
    assertEquals(
        List.of("| Leiden on Sunday | €4 |", "| Delft |  |"), texts(document, Kind.TABLE_ROW));
    assertEquals(List.of("Before.", "After", "the end"), texts(document, Kind.PARAGRAPH));
  }

  @Test
  void nestedTableIsPartOfItsCell() {
    MemoryDocument document =
        parse(
            """
            {\\rtf1\\ansi\\trowd\\cellx1\\pard\\intbl\\itap2 Inner\\nestcell cell\\nestcell
            {\\*\\nesttableprops\\trowd\\cellx1\\nestrow}{\\nonesttables Instead of it\\par}
            \\pard\\intbl\\itap1 outer\\cell next\\cell\\row\\pard Outside\\par}
            """);
    assertEquals(List.of("| Inner cell outer | next |"), texts(document, Kind.TABLE_ROW));
    assertEquals(List.of("Outside"), texts(document, Kind.PARAGRAPH));
  }

  @Test
  void textNeedsNoParagraphAroundIt() {
    assertEquals(
        List.of("Hello bold world"),
        texts(parse("{\\rtf1\\ansi Hello {\\b bold} world\\par}"), Kind.PARAGRAPH));
    assertEquals(
        List.of("überall"),
        texts(parse("{\\rtf1{\\fonttbl{\\f0 Arial;}}\\f0 \\'fcber{\\i all}}"), Kind.PARAGRAPH));
  }

  @Test
  void bytesOfAPictureAreNotParsedAsGroups() {
    assertEquals(
        List.of("before", "after"),
        texts(
            parse("{\\rtf1 before {\\pict\\pngblip\\bin6 \u0089PNG{{} after\\par}"),
            Kind.PARAGRAPH));
  }

  @Test
  void truncatedAndDeeplyNestedDocumentsAreReported() {
    assertFails(
        ErrorCode.DOCUMENT_TRUNCATED, () -> parse("{\\rtf1 {\\b Half of a sen"), "2 groups");
    assertFails(
        ErrorCode.DOCUMENT_TOO_DEEP,
        () -> parse("{\\rtf1 " + "{".repeat(10_000) + "x" + "}".repeat(10_001)),
        "200 nested groups");
  }

  @Test
  void documentWithoutItsLastBraceIsReadWithAWarning() throws IOException {
    Path file = Files.writeString(folder.resolve("b.rtf"), "{\\rtf1\\ansi Whole sentence.\\par\n");
    try (ParsedDocument document = parser.parse(file, "b.rtf")) {
      assertEquals(
          List.of("Whole sentence."), texts(MemoryDocument.copyOf(document), Kind.PARAGRAPH));
      assertTrue(
          document.warnings().getFirst().contains("truncated"), document.warnings()::toString);
    }
  }
}

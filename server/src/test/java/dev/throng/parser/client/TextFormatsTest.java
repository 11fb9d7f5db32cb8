package dev.throng.parser.client;

import static dev.throng.fixtures.Failures.assertFails;
import static dev.throng.parser.client.Blocks.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.fixtures.Configs;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text formats: Markdown, HTML, tables and plain text, in any charset. */
final class TextFormatsTest {
  @TempDir private static Path folder = Path.of("");

  private static final List<DocumentParser> PARSER = new ArrayList<>();

  @BeforeAll
  static void open() {
    PARSER.add(
        new DocumentParser(
            Configs.with("ingest.max_file_bytes", "64KiB", "ingest.max_text_chars", "1000")
                .ingest()
                .parser(),
            folder.resolve("spool")));
  }

  @AfterAll
  static void close() {
    PARSER.getFirst().close();
  }

  private MemoryDocument parse(String name, byte[] content) {
    try (ParsedDocument document =
        PARSER.getFirst().parse(Files.write(folder.resolve(name), content), name)) {
      return MemoryDocument.copyOf(document);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private MemoryDocument parse(String name, String content) {
    return parse(name, content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void markdownKeepsItsStructure() {
    MemoryDocument document =
        parse(
            "leave.md",
            """
            Leave policy
            ============

            Everyone gets **30 days** of [leave](http://x/y "t").
            Second line.

            ## Details

            1. ask *early*
               - nested `code`
            2. be patient

            | kind | days |
            |------|------|
            | paid | 30   |
            |      | 5    |

            ```
            line one
              line two
            ```

            > quoted
            """);
    assertEquals("Leave policy", document.title());
    assertEquals(List.of("Leave policy", "Details"), texts(document, Kind.HEADING));
    assertEquals(
        List.of("Everyone gets 30 days of leave (http://x/y). Second line.", "quoted"),
        texts(document, Kind.PARAGRAPH));
    assertEquals(
        List.of("1. ask early", "- nested code", "2. be patient"), texts(document, Kind.LIST_ITEM));
    assertEquals(List.of("| kind | days |"), texts(document, Kind.TABLE_HEADER));
    assertEquals(List.of("| paid | 30 |", "|  | 5 |"), texts(document, Kind.TABLE_ROW));
    assertEquals(List.of("line one\n  line two"), texts(document, Kind.CODE));
  }

  @Test
  void markdownWithByteOrderMarkStartsWithItsTitle() {
    MemoryDocument document = parse("bom.md", "\uFEFF# Title\n\nText.");
    assertEquals("Title", document.title());
    assertEquals("Title\n\nText.", document.text());
  }

  @Test
  void htmlIsReadWithoutBoilerplate() {
    MemoryDocument document =
        parse(
            "page.html",
            """
            <html><head><title>Site - Travel</title><style>p{}</style></head><body>
            <nav><a href=x>Home</a></nav><script>var x</script>
            <h1>Travel</h1>loose words <b>bold</b><p>First<br>line</p>
            <div><span><p>inside</p></span></div>
            <ul><li>one<ul><li>deep</li></ul></li><li>two</li></ul>
            <table><caption>Rates</caption><tr><th>city</th><th>EUR</th></tr>
            <tr><td>Paris</td><td>180</td></tr></table>
            <pre>a
              b</pre><footer>(c)</footer></body></html>
            """);
    assertEquals("Travel", document.title());
    assertEquals(
        List.of("loose words bold", "First", "line", "inside"), texts(document, Kind.PARAGRAPH));
    assertEquals(List.of("Rates"), texts(document, Kind.TABLE_CAPTION));
    assertEquals(List.of("- one", "- deep", "- two"), texts(document, Kind.LIST_ITEM));
    assertEquals(List.of("| city | EUR |"), texts(document, Kind.TABLE_HEADER));
    assertEquals(List.of("| Paris | 180 |"), texts(document, Kind.TABLE_ROW));
    for (String noise : List.of("Home", "var x", "(c)", "p{}")) {
      assertFalse(document.text().contains(noise), noise);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "city,limit\nParis,180\n\"Rome, old\",\"say \"\"150\"\"\"\n",
        "city;limit\r\nParis;180\r\nRome, old;say \"150\"",
        "city\tlimit\nParis\t180\n\nRome, old\tsay \"150\"\n"
      })
  void csvIsATable(String content) {
    MemoryDocument document = parse("rates.csv", content);
    assertEquals(List.of("| city | limit |"), texts(document, Kind.TABLE_HEADER));
    assertEquals(
        List.of("| Paris | 180 |", "| Rome, old | say \"150\" |"), texts(document, Kind.TABLE_ROW));
  }

  @ParameterizedTest
  @CsvSource({"UTF-8", "windows-1252", "UTF-16", "ISO-8859-1"})
  void textIsReadInItsCharset(String charset) {
    String text = "Größe: 5 µm für Café\n\nZweiter Absatz";
    MemoryDocument document = parse("text.txt", text.getBytes(Charset.forName(charset)));
    assertEquals(text, document.text());
    assertEquals(2, document.list().size());
  }

  @Test
  void htmlIsReadInItsDeclaredCharset() {
    String page = "<html><head><meta charset=\"windows-1251\"></head><body>Привет</body></html>";
    assertEquals("Привет", parse("ru.html", page.getBytes(Charset.forName("windows-1251"))).text());
  }

  @Test
  void cellSpanningSeveralRowsIsInAllOfThem() {
    String html =
        """
        <table><tr><th>City</th><th>Day</th><th>Price</th></tr>
        <tr><td rowspan="2">Leiden</td><td>Monday</td><td rowspan=2>4</td></tr>
        <tr><td>Sunday</td></tr>
        <tr><td colspan=2>Delft</td><td>5</td></tr></table>
        """;
    assertEquals(
        List.of("| Leiden | Monday | 4 |", "| Leiden | Sunday | 4 |", "| Delft | Delft | 5 |"),
        texts(parse("spans.html", html), Kind.TABLE_ROW));
  }

  @Test
  void charactersWithoutTextAreDropped() {
    MemoryDocument document = parse("odd.txt", "so\u00ADft\u0000 \u200Bzero\u0007\u00A0\u00A0wide");
    assertEquals("soft zero wide", document.text());
  }

  @Test
  void textBeyondTheLimitIsAnError() {
    assertFails(
        ErrorCode.DOCUMENT_TEXT_TOO_LONG,
        () -> parse("long.txt", ("a".repeat(900) + "\n\n").repeat(3)),
        "long.txt",
        "1000");
  }

  @Test
  void tooLargeFileIsRefusedWithoutReadingIt() {
    assertFails(
        ErrorCode.DOCUMENT_TOO_LARGE,
        () -> parse("large.txt", new byte[70_000]),
        "large.txt",
        "70000",
        "65536");
  }

  @ParameterizedTest
  @CsvSource({"empty.txt,''", "empty.md,' '", "empty.html,<p></p>", "blank.txt,'\n\n '"})
  void documentWithoutTextIsAnError(String name, String content) {
    assertFails(ErrorCode.DOCUMENT_EMPTY, () -> parse(name, content), name);
  }

  @Test
  void formatIsDeterminedByTheExtension() {
    assertFails(ErrorCode.UNSUPPORTED_DOCUMENT, () -> parse("x.exe", "MZ"), "exe");
    assertTrue(DocumentParser.isSupported("A.PDF"));
    assertFalse(DocumentParser.isSupported("archive.tar.gz"));
  }

  @Test
  void missingFileIsUnreadable() {
    assertFails(
        ErrorCode.DOCUMENT_UNREADABLE,
        () -> PARSER.getFirst().parse(folder.resolve("gone.txt"), "gone.txt"),
        "gone.txt");
  }
}

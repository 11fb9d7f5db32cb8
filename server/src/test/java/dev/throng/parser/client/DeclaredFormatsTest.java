package dev.throng.parser.client;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.fixtures.Configs;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that declare a charset, parts or an order, correctly or not. */
final class DeclaredFormatsTest {
  @TempDir private static Path folder = Path.of("");

  private static final List<DocumentParser> PARSER = new ArrayList<>();

  @BeforeAll
  static void open() {
    PARSER.add(
        new DocumentParser(
            Configs.with("ingest.archives", "true", "ingest.parse_workers", "1").ingest().parser(),
            folder.resolve("spool")));
  }

  @AfterAll
  static void close() {
    PARSER.getFirst().close();
  }

  private static ParsedDocument open(String name, byte[] content) throws IOException {
    return PARSER.getFirst().parse(Files.write(folder.resolve(name), content), name);
  }

  private static MemoryDocument parse(String name, byte[] content) throws IOException {
    try (ParsedDocument document = open(name, content)) {
      return MemoryDocument.copyOf(document);
    }
  }

  private static MemoryDocument parse(String name, String content) throws IOException {
    return parse(name, utf8(content));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zip(Map<String, String> parts) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    parts.forEach((name, text) -> members.put(name, utf8(text)));
    return Zips.zip(members);
  }

  private static byte[] epub(String chapter, String more) throws IOException {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("mimetype", "application/epub+zip");
    parts.put(
        "META-INF/container.xml",
        "<container><rootfiles><rootfile full-path=\"OPS/list.opf\"/></rootfiles></container>");
    parts.put(
        "OPS/list.opf",
        "<package><metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Pumps</dc:title></metadata><manifest>"
            + "<item id=\"a\" href=\"text/one%201.xhtml\" media-type=\"application/xhtml+xml\"/>"
            + "<item id=\"b\" href=\"text/two.xhtml\" media-type=\"application/xhtml+xml\"/></manifest>"
            + "<spine><itemref idref=\"b\"/><itemref idref=\"gone\"/><itemref idref=\"a\"/><itemref idref=\"b\"/></spine></package>");
    parts.put("OPS/text/one 1.xhtml", "<html><body><h1>First</h1><p>One.</p></body></html>");
    parts.put("OPS/text/two.xhtml", chapter);
    if (!more.isEmpty()) {
      parts.put("META-INF/encryption.xml", more);
    }
    return zip(parts);
  }

  @Test
  void bookWithInvalidXmlIsReadInTheOrderOfItsSpine() throws IOException {
    MemoryDocument book =
        parse("book.epub", epub("<html><body><p>Two&nbsp;b <br> <aside>note", ""));
    assertEquals("Pumps", book.title());
    assertEquals("Two b\n\nnote\n\nFirst\n\nOne.", book.text());
  }

  @Test
  void bookWithRightsManagementIsReportedAsEncrypted() throws IOException {
    String encryption =
        "<encryption><enc:EncryptedData xmlns:enc=\"x\"><enc:EncryptionMethod Algorithm=\"%s\"/>"
            + "<enc:CipherData><enc:CipherReference URI=\"OPS/text/two.xhtml\"/></enc:CipherData>"
            + "</enc:EncryptedData></encryption>";
    byte[] sealed =
        epub("xxx", encryption.formatted("http://www.w3.org/2001/04/xmlenc#aes128-cbc"));
    assertFails(ErrorCode.DOCUMENT_ENCRYPTED, () -> parse("sealed.epub", sealed));
    byte[] font = epub("Two.", encryption.formatted("http://www.idpf.org/2008/embedding"));
    assertTrue(parse("font.epub", font).text().contains("Two."));
  }

  @Test
  void slidesAreReadInPresentationOrder() throws IOException {
    ByteArrayOutputStream deck = new ByteArrayOutputStream();
    try (XMLSlideShow show = new XMLSlideShow()) {
      for (int i = 1; i <= 12; i++) {
        show.createSlide().createTextBox().setText("Slide number " + i);
      }
      show.write(deck);
    }
    List<ParsedBlock> blocks = parse("deck.pptx", deck.toByteArray()).list();
    assertEquals(12, blocks.size());
    for (ParsedBlock block : blocks) {
      assertEquals("Slide number " + block.page(), block.text());
    }
  }

  @Test
  void mailIsReadInItsDeclaredCharset() throws IOException {
    String mail =
        """
        From: a@b.c
        Subject: =?iso-8859-1?Q?Gr=FC=DFe?=
        MIME-Version: 1.0
        Content-Type: text/plain; charset=iso-8859-2
        Content-Transfer-Encoding: 8bit

        P\u0159\u00edli\u0161
        """;
    assertEquals(
        "Gr\u00fc\u00dfe\n\nFrom: a@b.c\n\nP\u0159\u00edli\u0161",
        parse("m.eml", mail.getBytes(Charset.forName("ISO-8859-2"))).text());
  }

  @Test
  void mailKeepsItsTextAndThatOfAttachedMails() throws IOException {
    String mail =
        """
        From: a@b.c
        Subject: Invitation
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=m

        --m
        Content-Type: multipart/alternative; boundary=a

        --a
        Content-Type: text/plain

        plain words
        --a
        Content-Type: text/html

        <p>best words</p>
        --a
        Content-Type: text/calendar

        BEGIN:VCALENDAR
        --a--
        --m
        Content-Type: message/rfc822

        Subject: Inner

        inner words
        --m
        Content-Type: application/pgp-signature

        seal
        --m
        Content-Type: text/plain
        Content-Disposition: attachment; filename=notes.txt

        attached words
        --m--
        """;
    MemoryDocument document = parse("invitation.eml", mail);
    assertEquals(
        "Invitation\n\nFrom: a@b.c\n\nbest words\n\nInner\n\ninner words\n\nnotes.txt\n\nattached words",
        document.text());
  }

  @ParameterizedTest
  @CsvSource({
    "a.md, '# Files\n\nA PDF begins with %PDF-1.7 and ends with %%EOF.'",
    "a.html, '<html><body>A PDF begins with %PDF-1.7 and ends with %%EOF.</body></html>'",
    "a.json, '{\"magic\": \"%PDF-1.7\"}'"
  })
  void textAboutPdfsIsNone(String name, String content) throws IOException {
    assertTrue(parse(name, content).text().contains("%PDF-1.7"));
  }

  @ParameterizedTest
  @CsvSource({
    "a.eml, 'no header at all, just words'",
    "a.eml, <html><body>a page</body></html>",
    "a.json, <html><body>please log in</body></html>",
    "a.csv, <!doctype html><p>please log in</p>"
  })
  void anotherFormatUnderItsNameIsAWrongExtension(String name, String content) {
    assertFails(ErrorCode.DOCUMENT_WRONG_EXTENSION, () -> parse(name, content));
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16LE, \u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440. \u042d\u0442\u043e \u0442\u0435\u043a\u0441\u0442.",
    "UTF-16BE, \u8fd9\u662f\u4e00\u4e2a\u6d4b\u8bd5\u6587\u6863\uff0c\u7528\u4e8e\u68c0\u67e5\u5b57\u7b26\u3002\u8fd9\u662f\u4e00\u4e2a\u6d4b\u8bd5\u3002",
    "UTF-16LE, \u65e5\u672c\u8a9e\u306e\u6587\u66f8\u3067\u3059\u3002\u6587\u5b57\u3092\u78ba\u8a8d\u3057\u307e\u3059\u3002",
    "ISO-2022-JP, \u65e5\u672c\u8a9e\u306e\u6587\u66f8\u3067\u3059\u3002"
  })
  void textWithoutAMarkIsReadInItsCharset(String charset, String text) throws IOException {
    assertEquals(text, parse("text.txt", text.getBytes(Charset.forName(charset))).text());
  }

  @Test
  void declaredCharsetsAreReadAsBrowsersReadThem() throws IOException {
    String page = "<html><meta charset=gb2312><body>\u6d4b\u8bd5\u9555";
    assertEquals(
        "\u6d4b\u8bd5\u9555", parse("p.html", page.getBytes(Charset.forName("GBK"))).text());
    String xhtml =
        "<?xml version=\"1.0\" encoding=\"iso-8859-2\"?><html><body>P\u0159\u00edli\u0161";
    assertEquals(
        "P\u0159\u00edli\u0161",
        parse("p.xhtml", xhtml.getBytes(Charset.forName("ISO-8859-2"))).text());
    String xml = "\n<?xml version=\"1.0\" encoding=\"UTF-8\"?><a><b>Gr\u00f6\u00dfe</b></a>";
    assertEquals(
        "b: Gr\u00f6\u00dfe", parse("p.xml", xml.getBytes(StandardCharsets.ISO_8859_1)).text());
  }

  @Test
  void frontMatterIsNotAHeading() throws IOException {
    MemoryDocument document =
        parse("f.md", "---\ntitle: Oil\ntags: [a]\n---\n\n# Pump\n\nWords.\n");
    assertEquals("Oil", document.title());
    assertEquals(Kind.CODE, document.list().getFirst().kind());
    assertEquals("A rule\n\nWords.", parse("r.md", "---\n\nA rule\n---\n\nWords.").text());
  }

  @Test
  void scannedPagesAmongTextAreReported() throws IOException {
    Path file = folder.resolve("mixed.pdf");
    try (PDDocument document = new PDDocument()) {
      var image =
          LosslessFactory.createFromImage(document, new java.awt.image.BufferedImage(600, 800, 12));
      for (int i = 1; i <= 5; i++) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          if (i == 2 || i > 3) {
            content.drawImage(image, 0, 0);
          } else {
            content.beginText();
            content.setFont(new PDType1Font(FontName.HELVETICA), 12);
            content.newLineAtOffset(72, 700);
            content.showText("A page of text, long enough to be one.");
            content.endText();
          }
        }
      }
      try (OutputStream out = Files.newOutputStream(file)) {
        document.save(out);
      }
    }
    try (ParsedDocument document = PARSER.getFirst().parse(file, "mixed.pdf")) {
      String warning = document.warnings().getFirst();
      assertTrue(warning.startsWith("3 of its 5 pages") && warning.endsWith(": 2, 4-5"), warning);
    }
  }
}

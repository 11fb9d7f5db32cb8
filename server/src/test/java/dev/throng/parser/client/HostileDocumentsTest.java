package dev.throng.parser.client;

import static dev.throng.fixtures.Failures.assertFails;
import static dev.throng.parser.client.Zips.zip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.Configs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Harmful documents: each is read, or fails with its own code, and the next one is parsed. */
@TestInstance(Lifecycle.PER_CLASS)
final class HostileDocumentsTest {
  private static final String CANARY = "the canary of this machine";
  private static final String NAMESPACE =
      "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

  /** A PDF whose only page is the object that the argument refers to. */
  private static String pdf(String page) {
    return """
    %PDF-1.4
    1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
    2 0 obj<</Type/Pages/Kids[PAGE]/Count 1>>endobj
    trailer<</Root 1 0 R>>
    startxref
    0
    %%EOF
    """
        .replace("PAGE", page);
  }

  private final Path folder;
  private final Path canary;
  private final DocumentParser parser;

  HostileDocumentsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.canary = Files.writeString(folder.resolve("canary.txt"), CANARY);
    this.parser =
        new DocumentParser(
            Configs.with("ingest.parse_workers", "1", "ingest.max_entries", "20").ingest().parser(),
            folder.resolve("spool"));
  }

  @AfterAll
  void close() throws IOException {
    parser.close();
    try (var left = Files.walk(folder.resolve("spool"))) {
      assertFalse(left.anyMatch(Files::isRegularFile), "nothing is left on disk");
    }
  }

  private String parse(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("blob"), content);
    try (ParsedDocument document = parser.parse(file, name)) {
      return MemoryDocument.copyOf(document).text();
    }
  }

  private String parse(String name, String content) throws IOException {
    return parse(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] docx(String document) throws IOException {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    parts.put(
        "[Content_Types].xml",
        utf8(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\""
                + " ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override"
                + " PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-"
                + "officedocument.wordprocessingml.document.main+xml\"/></Types>"));
    parts.put(
        "_rels/.rels",
        utf8(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship"
                + " Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
                + "officeDocument\" Target=\"word/document.xml\"/></Relationships>"));
    parts.put("word/document.xml", utf8(document));
    return zip(parts);
  }

  private static String document(String body) {
    return "<w:document xmlns:w=\"%s\"><w:body>%s</w:body></w:document>".formatted(NAMESPACE, body);
  }

  private static String paragraph(String words) {
    return "<w:p><w:r><w:t>" + words + "</w:t></w:r></w:p>";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void docxOfThisTestIsValid() throws IOException {
    assertEquals("Fine.", parse("fine.docx", docx(document(paragraph("Fine.")))));
  }

  @Test
  void partThatUnpacksToFarMoreIsReportedAsABomb() throws IOException {
    byte[] bomb = docx(document(paragraph(" ".repeat(100 << 20))));
    assertFails(ErrorCode.DOCUMENT_BOMB, () -> parse("bomb.docx", bomb), "unpacks");
  }

  @Test
  void multiplyingEntitiesAreReportedAsABomb() {
    StringBuilder xml =
        new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e0 \"ha\">");
    for (int i = 1; i < 30; i++) {
      xml.append("<!ENTITY e%d \"&e%d;&e%d;\">".formatted(i, i - 1, i - 1));
    }
    xml.append("]><a>&e29;</a>");
    assertFails(ErrorCode.DOCUMENT_BOMB, () -> parse("laughs.xml", xml.toString()), "laughs.xml");
  }

  /** Neither a file of this machine nor the content of a URL gets into a document. */
  @Test
  void externalEntitiesAreNotRead() throws IOException {
    String doctype = "<!DOCTYPE a [<!ENTITY x SYSTEM \"%s\">]>".formatted(canary.toUri());
    String xml = "<?xml version=\"1.0\"?>" + doctype + "<a><b>own words</b><c>&x;</c></a>";
    assertEquals("b: own words", parse("outside.xml", xml));
    for (String name : Set.of("outside.docx")) {
      byte[] content = docx(doctype + document(paragraph("own words &x;")));
      try {
        assertFalse(parse(name, content).contains(CANARY), name);
      } catch (ThrongException e) {
        assertFalse(String.valueOf(e.getMessage()).contains(CANARY), name);
      }
    }
  }

  @Test
  void depthIsLimited() throws IOException {
    String deepXml = "<a>".repeat(5_000) + "x" + "</a>".repeat(5_000);
    assertFails(ErrorCode.DOCUMENT_TOO_DEEP, () -> parse("deep.xml", deepXml));
    String deepJson = "[".repeat(5_000) + "]".repeat(5_000);
    assertFails(ErrorCode.DOCUMENT_TOO_DEEP, () -> parse("deep.json", deepJson));
    String boxes = "<w:sdt><w:sdtContent>".repeat(5_000) + "</w:sdtContent></w:sdt>".repeat(5_000);
    byte[] docx = docx(document(boxes));
    assertFails(ErrorCode.DOCUMENT_TOO_DEEP, () -> parse("deep.docx", docx));
    String page = "<div>".repeat(50_000) + "still read" + "</div>".repeat(50_000);
    assertEquals("still read", parse("deep.html", "<html><body>" + page));
  }

  @Test
  void attachmentsAreCounted() {
    StringBuilder mail =
        new StringBuilder(
            "Subject: many\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n");
    for (int i = 0; i < 50; i++) {
      mail.append(
          "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nx\n");
    }
    mail.append("--b--\n");
    assertFails(
        ErrorCode.DOCUMENT_TOO_MANY_ENTRIES, () -> parse("many.eml", mail.toString()), "20");
  }

  @Test
  void truncatedDocumentsAreReported() throws IOException {
    byte[] docx = docx(document(paragraph("Words.")));
    assertFails(
        ErrorCode.DOCUMENT_TRUNCATED,
        () -> parse("cut.docx", Arrays.copyOf(docx, docx.length - 100)));
    assertFails(
        ErrorCode.DOCUMENT_TRUNCATED,
        () -> parse("cut.pdf", "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 ob"));
    assertFails(ErrorCode.DOCUMENT_TRUNCATED, () -> parse("cut.json", "{\"a\": [1, 2"));
    assertFails(
        ErrorCode.DOCUMENT_TRUNCATED, () -> parse("cut.xml", "<?xml version=\"1.0\"?><a><b>x"));
  }

  /** Looking for the signatures of formats must not take longer than reading the text itself. */
  @Test
  void fileOfDigitsIsReadQuickly() throws IOException {
    String digits = "1".repeat(49_000);
    assertTimeout(Duration.ofSeconds(5), () -> assertEquals(digits, parse("digits.txt", digits)));
  }

  @Test
  void cyclicPageTreeEnds() {
    assertFails(ErrorCode.DOCUMENT_NO_TEXT, () -> parse("cycle.pdf", pdf("2 0 R")));
  }

  @Test
  void fileWithTwoFormatsIsRefused() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(utf8(pdf("")));
    both.write(docx(document(paragraph("hidden"))));
    assertFails(ErrorCode.DOCUMENT_POLYGLOT, () -> parse("both.pdf", both.toByteArray()));
    assertFails(
        ErrorCode.DOCUMENT_POLYGLOT,
        () -> parse("both.html", "<html><!-- " + pdf("") + " --><p>page</p></html>"));
  }

  @Test
  void encryptedDocumentsAreReported() throws Exception {
    ByteArrayOutputStream locked = new ByteArrayOutputStream();
    try (POIFSFileSystem container = new POIFSFileSystem()) {
      Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
      encryptor.confirmPassword("secret");
      try (OutputStream out = encryptor.getDataStream(container)) {
        out.write(docx(document(paragraph("Secret."))));
      }
      container.writeFilesystem(locked);
    }
    assertFails(
        ErrorCode.DOCUMENT_ENCRYPTED, () -> parse("locked.docx", locked.toByteArray()), "password");
    assertFails(
        ErrorCode.DOCUMENT_ENCRYPTED,
        () ->
            parse(
                "sealed.eml",
                "Subject: x\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIAG"));
  }

  @Test
  void errorsForArchivesAndImagesNameTheirSettings() throws IOException {
    byte[] archive = zip(Map.of("a.txt", utf8("inside")));
    assertFails(ErrorCode.UNSUPPORTED_DOCUMENT, () -> parse("a.zip", archive), "ingest.archives");
    assertFails(ErrorCode.UNSUPPORTED_DOCUMENT, () -> parse("a.png", "\u0089PNG"), "ingest.ocr");
    try (DocumentParser unpacking =
            new DocumentParser(
                Configs.with("ingest.archives", "true").ingest().parser(),
                folder.resolve("unpacking"));
        ParsedDocument document =
            unpacking.parse(Files.write(folder.resolve("a.zip"), archive), "a.zip")) {
      assertTrue(MemoryDocument.copyOf(document).text().contains("inside"));
    }
  }

  @Test
  void documentThatNeedsTooMuchMemoryFailsAlone() throws IOException {
    String cells = "<td>x</td>".repeat(1_500_000);
    try (DocumentParser small =
        new DocumentParser(
            Configs.with("ingest.parse_heap", "64MiB").ingest().parser(),
            folder.resolve("small"))) {
      Path wide = Files.writeString(folder.resolve("wide.html"), "<table><tr>" + cells);
      assertFails(ErrorCode.PARSER_OUT_OF_MEMORY, () -> small.parse(wide, "wide.html").close());
      Path fine = Files.writeString(folder.resolve("fine.txt"), "Fine.");
      try (ParsedDocument document = small.parse(fine, "fine.txt")) {
        assertEquals(5, document.chars());
      }
    }
  }

  /** A document that takes over a worker must find no token or password in it. */
  @Test
  void workerReceivesNoSecrets() throws IOException {
    Path environment = Path.of("/proc/self/environ");
    assumeTrue(Files.isReadable(environment), "only Linux shows it");
    try (ParsedDocument _ =
        parser.parse(Files.writeString(folder.resolve("a.txt"), "x"), "a.txt")) {
      List<String> names =
          ProcessHandle.current()
              .descendants()
              .map(worker -> Path.of("/proc", Long.toString(worker.pid()), "environ"))
              .flatMap(HostileDocumentsTest::names)
              .toList();
      assertFalse(names.isEmpty());
      assertTrue(ParserProcess.ENVIRONMENT.containsAll(names), names.toString());
    }
  }

  private static Stream<String> names(Path environment) {
    try {
      return Arrays.stream(Files.readString(environment).split("\0"))
          .filter(variable -> !variable.isEmpty())
          .map(variable -> variable.substring(0, variable.indexOf('=')));
    } catch (IOException e) {
      return Stream.of(); // the process has ended
    }
  }
}

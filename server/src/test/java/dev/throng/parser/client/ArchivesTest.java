package dev.throng.parser.client;

import static dev.throng.fixtures.Failures.assertFails;
import static dev.throng.parser.client.Zips.zip;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.fixtures.Configs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Archives whose members cannot all be read. */
@TestInstance(Lifecycle.PER_CLASS)
final class ArchivesTest {
  private final Path folder;
  private final DocumentParser parser;

  ArchivesTest(@TempDir Path folder) {
    this.folder = folder;
    this.parser =
        new DocumentParser(
            Configs.with("ingest.archives", "true", "ingest.parse_workers", "1").ingest().parser(),
            folder.resolve("spool"));
  }

  @AfterAll
  void close() {
    parser.close();
  }

  private ParsedDocument open(String name, byte[] content) throws IOException {
    return parser.parse(Files.write(folder.resolve(name), content), name);
  }

  private void parse(String name, byte[] content) {
    try {
      open(name, content).close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  /** Marks the member at that index as encrypted. */
  private static byte[] locked(byte[] zip, int member) {
    String bytes = new String(zip, StandardCharsets.ISO_8859_1);
    int local = -1;
    int central = -1;
    for (int i = 0; i <= member; i++) {
      local = bytes.indexOf("PK\u0003\u0004", local + 1);
      central = bytes.indexOf("PK\u0001\u0002", central + 1);
    }
    byte[] changed = zip.clone();
    changed[local + 6] |= 1;
    changed[central + 8] |= 1;
    return changed;
  }

  @Test
  void encryptedMembersAreReportedAndOthersRead() throws IOException {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    parts.put("open.txt", utf8("open words"));
    parts.put("secret.txt", utf8("secret words"));
    try (ParsedDocument document = open("half.zip", locked(zip(parts), 1))) {
      assertTrue(
          document.warnings().getFirst().contains("secret.txt"), document.warnings()::toString);
      assertTrue(MemoryDocument.copyOf(document).text().contains("open words"));
    }
    byte[] around = zip(Map.of("half.zip", locked(zip(parts), 1)));
    try (ParsedDocument document = open("around.zip", around)) {
      assertTrue(
          document.warnings().getFirst().contains("secret.txt"), document.warnings()::toString);
    }
    byte[] whole = locked(zip(Map.of("secret.txt", utf8("secret words"))), 0);
    assertFails(ErrorCode.DOCUMENT_ENCRYPTED, () -> parse("whole.zip", whole));
    assertFails(ErrorCode.DOCUMENT_ENCRYPTED, () -> parse("whole.docx", whole));
  }

  @Test
  void nestedBombIsDetectedByItsOutput() throws IOException {
    byte[] inner = zip(Map.of("zeros.txt", utf8("0".repeat(80_000_000))));
    byte[] outer = zip(Map.of("inner.zip", inner));
    assertFails(ErrorCode.DOCUMENT_BOMB, () -> parse("outer.zip", outer), "characters");
    String mail =
        """
        Subject: Figures
        Content-Type: application/zip; name="outer.zip"
        Content-Transfer-Encoding: base64

        """
            + Base64.getMimeEncoder().encodeToString(outer);
    assertFails(ErrorCode.DOCUMENT_BOMB, () -> parse("outer.eml", utf8(mail)), "characters");
  }

  @Test
  void truncatedCompressedFileIsReported() throws IOException {
    byte[] noise = new byte[10_000];
    new Random(1).nextBytes(noise);
    String words = HexFormat.ofDelimiter(" ").formatHex(noise);
    byte[] whole = gzip(utf8(words));
    try (ParsedDocument document = open("whole.gz", whole)) {
      assertTrue(MemoryDocument.copyOf(document).text().endsWith(words));
    }
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertFails(ErrorCode.DOCUMENT_TRUNCATED, () -> parse("half.gz", half), "in the middle");
  }

  @Test
  void scannedMemberIsReported() throws IOException {
    ByteArrayOutputStream scan = new ByteArrayOutputStream();
    try (PDDocument document = new PDDocument()) {
      document.addPage(new PDPage());
      document.save(scan);
    }
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("scan.pdf", scan.toByteArray());
    members.put("a.txt", utf8("words"));
    try (ParsedDocument document = open("members.zip", zip(members))) {
      String warning = document.warnings().getFirst();
      assertTrue(warning.contains("scan.pdf") && warning.contains("ingest.ocr"), warning);
      assertTrue(MemoryDocument.copyOf(document).text().contains("words"));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.throng.parser.client;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.Pdfs;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Formats that are parsed in the child process, and failures of that process. */
@TestInstance(Lifecycle.PER_CLASS)
final class OfficeFormatsTest {
  private final Path folder;
  private final DocumentParser parser;

  OfficeFormatsTest(@TempDir Path folder) {
    this.folder = folder;
    this.parser = new DocumentParser(Configs.with().ingest().parser(), folder.resolve("spool"));
  }

  private MemoryDocument parse(Path file) {
    return parse(parser, file);
  }

  private static MemoryDocument parse(DocumentParser parser, Path file) {
    try (ParsedDocument document = parser.parse(file, file.getFileName().toString())) {
      return MemoryDocument.copyOf(document);
    }
  }

  @AfterAll
  void close() {
    parser.close();
  }

  private Path pdf(String name, boolean isEncrypted, String... pages) throws IOException {
    Path file = folder.resolve(name);
    try (PDDocument document = Pdfs.of(pages)) {
      if (isEncrypted) {
        document.protect(new StandardProtectionPolicy("owner", "secret", new AccessPermission()));
      }
      document.save(file.toFile());
    }
    return file;
  }

  private Path docx(String name) throws IOException {
    Path file = folder.resolve(name);
    try (XWPFDocument document = new XWPFDocument();
        OutputStream out = Files.newOutputStream(file)) {
      document.createParagraph().createRun().setText("Expenses are paid within ten days.");
      XWPFTable table = document.createTable(2, 2);
      table.getRow(0).getCell(0).setText("city");
      table.getRow(0).getCell(1).setText("limit");
      table.getRow(1).getCell(0).setText("Paris");
      table.getRow(1).getCell(1).setText("180");
      document.write(out);
    }
    return file;
  }

  @Test
  void pdfIsReadPageByPage() throws IOException {
    MemoryDocument document =
        parse(pdf("two.pdf", false, "Leave is thirty days.", "Travel is second class."));
    assertEquals("Leave is thirty days.\n\nTravel is second class.", document.text());
    assertEquals(List.of(1, 2), document.list().stream().map(ParsedBlock::page).toList());
  }

  @Test
  void unreadablePdfPageCostsNoOtherPage() throws IOException {
    Path file = folder.resolve("font.pdf");
    Path whole = pdf("well.pdf", false, "Leave is thirty days.", "Lost.", "Travel is first class.");
    try (PDDocument document = Loader.loadPDF(whole.toFile())) {
      COSDictionary font = new COSDictionary();
      font.setItem(COSName.TYPE, COSName.FONT);
      font.setItem(COSName.SUBTYPE, COSName.TYPE0); // it must have a descendant
      COSDictionary fonts =
          document.getPage(1).getResources().getCOSObject().getCOSDictionary(COSName.FONT);
      fonts.keySet().forEach(name -> fonts.setItem(name, font));
      document.save(file.toFile());
    }
    try (ParsedDocument document = parser.parse(file, "font.pdf")) {
      assertTrue(document.warnings().getFirst().startsWith("a part could not be read"));
    }
    assertEquals("Leave is thirty days.\n\nTravel is first class.", parse(file).text());
  }

  @Test
  void deletedFoldersAreCreatedAgain() throws IOException {
    Path file = pdf("again.pdf", false, "Leave is thirty days.");
    Path spool = Files.createDirectories(folder.resolve("taken"));
    try (DocumentParser own = new DocumentParser(Configs.with().ingest().parser(), spool)) {
      assertEquals("Leave is thirty days.", parse(own, file).text());
      try (Stream<Path> all = Files.walk(spool)) {
        all.sorted(Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
      }
      assertFalse(Files.exists(spool));
      assertEquals("Leave is thirty days.", parse(own, file).text());
    }
  }

  @Test
  void docxIsReadWithItsTables() throws IOException {
    MemoryDocument document = parse(docx("expenses.docx"));
    assertTrue(document.text().startsWith("Expenses are paid within ten days."));
    List<String> rows =
        document.list().stream()
            .filter(block -> block.kind() == Kind.TABLE_ROW || block.kind() == Kind.TABLE_HEADER)
            .map(ParsedBlock::text)
            .toList();
    assertEquals(List.of("| city | limit |", "| Paris | 180 |"), rows);
  }

  @Test
  void encryptedDocumentIsReported() throws IOException {
    Path file = pdf("locked.pdf", true, "This is encrypted.");
    assertFails(ErrorCode.DOCUMENT_ENCRYPTED, () -> parse(file), "locked.pdf");
  }

  @Test
  void truncatedDocumentIsReported() throws IOException {
    byte[] whole = Files.readAllBytes(docx("whole.docx"));
    Path file = Files.write(folder.resolve("cut.docx"), Arrays.copyOf(whole, whole.length / 2));
    assertFails(ErrorCode.DOCUMENT_TRUNCATED, () -> parse(file), "cut.docx");
  }

  @Test
  void emptyDocumentsAreEmpty() throws IOException {
    Path nothing = Files.createFile(folder.resolve("nothing.pdf"));
    assertFails(ErrorCode.DOCUMENT_EMPTY, () -> parse(nothing), "nothing.pdf");
    Path scan = pdf("scan.pdf", false, " ");
    assertFails(ErrorCode.DOCUMENT_NO_TEXT, () -> parse(scan), "scan.pdf");
  }

  /** Tika would mistake it for a bomb. */
  @Test
  void longDocumentIsNotReportedAsABomb() throws IOException {
    Path file = folder.resolve("long.docx");
    try (XWPFDocument document = new XWPFDocument();
        OutputStream out = Files.newOutputStream(file)) {
      document.createParagraph().createRun().setText("word ".repeat(300_000));
      document.write(out);
    }
    assertEquals(1_500_000, parse(file).text().length(), 100);
  }

  @Test
  void containersMayWritePartNamesInCapitals() throws IOException {
    Path file = folder.resolve("capitals.xls");
    try (HSSFWorkbook workbook = new HSSFWorkbook();
        POIFSFileSystem container = new POIFSFileSystem();
        OutputStream out = Files.newOutputStream(file)) {
      workbook.createSheet().createRow(0).createCell(0).setCellValue("Paris");
      container.createDocument(new ByteArrayInputStream(workbook.getBytes()), "WORKBOOK");
      container.writeFilesystem(out);
    }
    assertTrue(parse(file).text().contains("Paris"));
  }

  @Test
  void wrongExtensionIsReportedWithTheRightOne() throws IOException {
    Path really = pdf("really-pdf.docx", false, "Leave is thirty days.");
    assertFails(ErrorCode.DOCUMENT_WRONG_EXTENSION, () -> parse(really), ".pdf");
    byte[] noise = new byte[4_000];
    new java.util.Random(1).nextBytes(noise);
    Path nonsense = Files.write(folder.resolve("noise.docx"), noise);
    assertFails(ErrorCode.DOCUMENT_UNREADABLE, () -> parse(nonsense), "noise.docx");
  }

  @Test
  void extensionsThatOfficeProgramsTolerateAreAccepted() throws IOException {
    Path docx = Files.copy(docx("forgiven.docx"), folder.resolve("forgiven.doc"));
    assertTrue(parse(docx).text().startsWith("Expenses are paid"));
    Path table = Files.writeString(folder.resolve("table.xls"), "city\tlimit\nParis\t180\n");
    assertEquals("| city | limit |\n| Paris | 180 |", parse(table).text());
  }

  @Test
  void hangingParserCostsOneDocument() throws Exception {
    Path quick = pdf("quick.pdf", false, "Quick.");
    List<ProcessHandle> others = ProcessHandle.current().children().toList();
    try (DocumentParser impatient =
        new DocumentParser(
            Configs.with("ingest.parse_timeout", "4s").ingest().parser(),
            folder.resolve("impatient"))) {
      assertEquals("Quick.", parse(impatient, quick).text());
      for (ProcessHandle worker : ProcessHandle.current().children().toList()) {
        if (!others.contains(worker)) {
          new ProcessBuilder("kill", "-STOP", Long.toString(worker.pid())).start().waitFor();
        }
      }
      assertFails(
          ErrorCode.PARSER_TIMEOUT, () -> parse(impatient, quick), "quick.pdf", "within 40");
      assertEquals("Quick.", parse(impatient, quick).text());
    }
  }

  @Test
  void dyingParserCostsOneDocument() throws IOException {
    Path file = pdf("fine.pdf", false, "Fine.");
    List<ProcessHandle> others = ProcessHandle.current().children().toList();
    try (DocumentParser own =
        new DocumentParser(Configs.with().ingest().parser(), folder.resolve("own"))) {
      CompletableFuture<ErrorCode> failed = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              failed.completeExceptionally(new AssertionError(parse(own, file).text()));
            } catch (ThrongException e) {
              failed.complete(e.code());
            }
          });
      Await.until(
          "the parser dies",
          () -> {
            ProcessHandle.current()
                .children()
                .filter(child -> !others.contains(child))
                .forEach(ProcessHandle::destroyForcibly);
            return failed.isDone();
          });
      // Before the parser is ready, the document is not to blame, and is retried automatically.
      assertTrue(
          Set.of(ErrorCode.PARSER_CRASHED, ErrorCode.PARSER_UNAVAILABLE)
              .contains(Await.result(failed)));
      assertEquals("Fine.", parse(own, file).text());
    }
  }
}

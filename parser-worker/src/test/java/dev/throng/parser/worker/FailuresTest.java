package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.parser.api.DocumentException.Reason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.apache.tika.exception.TikaException;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

final class FailuresTest {
  private static Reason classified(Throwable failure) {
    return Failures.classify(failure).reason();
  }

  @Test
  void diskFaultsAreNotBlamedOnTheDocument() {
    IOException readOnly = new FileSystemException("/spool/1", null, "Read-only file system");
    assertEquals(Reason.STORAGE_FAILED, classified(readOnly));
    assertEquals(Reason.STORAGE_FAILED, classified(new UncheckedIOException(readOnly)));
    assertEquals(Reason.STORAGE_FAILED, classified(new IOException("Input/output error")));
    assertEquals(
        Reason.STORAGE_FAILED,
        classified(new FileNotFoundException("/spool/1 (Read-only file system)")));
    assertEquals(
        Reason.STORAGE_FULL,
        classified(new TikaException("wrapped", new IOException("No space left on device"))));
  }

  /** Otherwise a document could make all jobs wait for a disk that is healthy. */
  @Test
  void quotedDiskMessageIsBlamedOnTheDocument() {
    assertEquals(
        Reason.DOCUMENT_UNREADABLE, classified(new SAXException("No space left on device")));
    assertEquals(
        Reason.DOCUMENT_UNREADABLE,
        classified(new IOException("expected 'obj', found 'No space left on device' at 12")));
  }

  @Test
  void deepNestingIsNotReportedAsABomb() {
    assertEquals(
        Reason.DOCUMENT_TOO_DEEP,
        classified(new SAXException("Suspected zip bomb: 100 levels of XML element nesting")));
    assertEquals(
        Reason.DOCUMENT_BOMB,
        classified(new SAXException("Suspected zip bomb: 9 input bytes produced 9999")));
  }
}

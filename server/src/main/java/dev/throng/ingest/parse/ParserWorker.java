package dev.throng.ingest.parse;

import dev.throng.core.ErrorCode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.WriteLimitReachedException;
import org.apache.tika.exception.ZeroByteFileException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.sax.ToXMLContentHandler;
import org.apache.tika.sax.WriteOutContentHandler;
import org.xml.sax.SAXException;

/**
 * The child process that parses office files and PDF with Apache Tika. It may run out of memory,
 * hang or crash: its parent ({@link ParserProcess}) ends it and starts another. They speak {@link
 * ParserProtocol}.
 */
public final class ParserWorker {
  private final AutoDetectParser parser = new AutoDetectParser();

  private ParserWorker() {}

  /** Answers requests until stdin ends. */
  public static void main(String[] args) throws IOException {
    OutputStream answers = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    ParserWorker worker = new ParserWorker();
    try (DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(answers)) {
      while (in.read() == ParserProtocol.REQUEST_MARK) {
        worker.answer(Path.of(ParserProtocol.read(in)), in.readInt(), out);
        out.flush();
      }
    }
  }

  private void answer(Path file, int maxTextChars, DataOutputStream out) throws IOException {
    String status;
    String body;
    try {
      body = xhtml(file, maxTextChars);
      status = ParserProtocol.OK;
    } catch (EncryptedDocumentException e) {
      status = ErrorCode.DOCUMENT_ENCRYPTED.name();
      body = "protected by a password";
    } catch (ZeroByteFileException e) {
      status = ErrorCode.DOCUMENT_EMPTY.name();
      body = "the file is empty";
    } catch (IOException | TikaException | SAXException | RuntimeException e) {
      status = ErrorCode.DOCUMENT_UNREADABLE.name();
      body = rootMessage(e);
    }
    ParserProtocol.write(out, status);
    ParserProtocol.write(out, body);
  }

  private String xhtml(Path file, int maxTextChars)
      throws IOException, TikaException, SAXException {
    Metadata metadata = new Metadata();
    metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, file.getFileName().toString());
    ToXMLContentHandler xhtml = new ToXMLContentHandler();
    try (TikaInputStream in = TikaInputStream.get(Files.newInputStream(file))) {
      parser.parse(
          in, new WriteOutContentHandler(xhtml, maxTextChars), metadata, new ParseContext());
    } catch (SAXException | TikaException e) {
      if (!WriteLimitReachedException.isWriteLimitReached(e)) {
        throw e;
      }
    }
    return xhtml.toString();
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}

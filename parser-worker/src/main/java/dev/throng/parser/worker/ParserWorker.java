package dev.throng.parser.worker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.throng.parser.api.BlockFile;
import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.ParserProtocol;
import dev.throng.parser.api.ParserProtocol.Request;
import dev.throng.parser.api.ParserProtocol.Summary;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.tika.exception.TikaException;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

/**
 * The child process that parses documents. It may run out of memory, hang or crash: its parent then
 * kills it and starts another. They communicate by {@link ParserProtocol}.
 */
public final class ParserWorker {
  private ParserWorker() {}

  /** Answers requests until stdin ends. */
  public static void main(String[] args) throws IOException, TikaException, SAXException {
    OutputStream answers = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    // Disables logging, because the log of the parsers' libraries is not read, and some log each
    // glyph.
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.OFF);
    }
    Formats formats = new Formats();
    try (DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(answers))) {
      out.writeInt(ParserProtocol.READY);
      out.flush();
      while (in.read() == ParserProtocol.REQUEST_MARK) {
        answer(formats, Request.read(in), out);
        out.flush();
      }
    }
  }

  private static void answer(Formats formats, Request request, DataOutputStream out)
      throws IOException {
    Summary summary;
    try {
      summary = parse(formats, request);
    } catch (IOException
        | TikaException
        | SAXException
        | RuntimeException
        | StackOverflowError
        | LinkageError e) {
      DocumentException failure = Failures.classify(e);
      out.writeInt(ParserProtocol.ANSWER_MARK);
      ParserProtocol.write(out, failure.reason().name());
      ParserProtocol.write(out, String.valueOf(failure.getMessage()));
      return;
    }
    out.writeInt(ParserProtocol.ANSWER_MARK);
    ParserProtocol.write(out, ParserProtocol.OK);
    summary.write(out);
  }

  private static Summary parse(Formats formats, Request request)
      throws IOException, TikaException, SAXException {
    List<String> warnings = new ArrayList<>();
    try (BlockFile spool = new BlockFile(Path.of(request.spool()))) {
      TextBuilder text = new TextBuilder(request.rules().maxTextChars(), spool);
      String format =
          formats.parse(Path.of(request.file()), request.name(), request.rules(), text, warnings);
      String title = text.title();
      return new Summary(
          title == null ? "" : title,
          text.pages(),
          text.chars(),
          format,
          List.copyOf(warnings.subList(0, Math.min(warnings.size(), ParserProtocol.MAX_WARNINGS))));
    }
  }
}

package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.ParseRules;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox: mails one after the other, each after a line that begins with "From ". In a mail, such
 * a line begins with {@code >}.
 */
final class Mbox {
  private static final byte[] SEPARATOR = "From ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ESCAPED = ">From ".getBytes(StandardCharsets.US_ASCII);

  /** Longer lines are passed on in pieces. */
  private static final int MAX_LINE_BYTES = 1 << 16;

  private Mbox() {}

  /** Receives a mail, whose file is deleted afterwards. */
  interface Mails {
    void take(Path mail) throws IOException;
  }

  /**
   * Passes on every mail.
   *
   * @throws DocumentException DOCUMENT_TOO_MANY_ENTRIES
   */
  static void split(Path file, ParseRules rules, Mails mails) throws IOException {
    int count = 0;
    Path mail = Files.createTempFile("mail", ".eml");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] line = readLine(in);
      while (line != null) {
        if (++count > rules.maxEntries()) {
          throw new DocumentException(
              Reason.DOCUMENT_TOO_MANY_ENTRIES,
              "more than %d mails in it".formatted(rules.maxEntries()));
        }
        line = copyMail(in, line, mail);
        if (Files.size(mail) > 0) {
          mails.take(mail);
        }
      }
    } finally {
      Files.deleteIfExists(mail);
    }
  }

  /**
   * Copies one mail.
   *
   * @param first the line that precedes it, or its first one
   * @return the line that precedes the next mail, or null at the end
   */
  private static byte @Nullable [] copyMail(InputStream in, byte[] first, Path mail)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(mail))) {
      byte[] line = startsWith(first, SEPARATOR) ? readLine(in) : first;
      boolean isBlankBefore = false;
      while (line != null && !(isBlankBefore && startsWith(line, SEPARATOR))) {
        int from = startsWith(line, ESCAPED) ? 1 : 0;
        out.write(line, from, line.length - from);
        isBlankBefore = line.length <= 2 && (line[0] == '\n' || line[0] == '\r');
        line = readLine(in);
      }
      return line;
    }
  }

  /** Returns the next line with its end, or null after the last one. */
  private static byte @Nullable [] readLine(InputStream in) throws IOException {
    byte[] line = new byte[256];
    int length = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (length == line.length) {
        line = Arrays.copyOf(line, 2 * length);
      }
      line[length++] = (byte) next;
      if (next == '\n' || length == MAX_LINE_BYTES) {
        break;
      }
    }
    return length == 0 ? null : Arrays.copyOf(line, length);
  }

  private static boolean startsWith(byte[] line, byte[] start) {
    return line.length >= start.length
        && Arrays.equals(line, 0, start.length, start, 0, start.length);
  }
}

package dev.throng.bench.rig;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** As much of HTTP/1.1 as is needed to separate messages on a connection. */
final class HttpInput {
  private static final int MAX_LINE_BYTES = 64 << 10;
  private static final int END = -1;

  private final InputStream in;

  HttpInput(InputStream in) {
    this.in = new BufferedInputStream(in, 16 << 10);
  }

  /** First line and headers of the next message, with the empty line; null at the end. */
  @Nullable String head() throws IOException {
    StringBuilder head = new StringBuilder();
    String line;
    do {
      line = line();
      if (line == null) {
        return null;
      }
      head.append(line);
    } while (!line.equals("\r\n"));
    return head.toString();
  }

  byte[] exactly(int bytes) throws IOException {
    byte[] content = in.readNBytes(bytes);
    if (content.length < bytes) {
      throw new EOFException("%d of %d bytes".formatted(content.length, bytes));
    }
    return content;
  }

  /** The next chunk of a chunked body; empty for the last. */
  byte[] chunk() throws IOException {
    String size = line();
    if (size == null) {
      throw new EOFException("in the middle of a chunked body");
    }
    byte[] content = exactly(Integer.parseInt(size.strip(), 16));
    line();
    return content;
  }

  /** A header's value, in lower case; "" if it is absent. */
  static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip().toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse("");
  }

  static boolean isChunked(String head) {
    return header(head, "Transfer-Encoding").equals("chunked");
  }

  static int length(String head) {
    String length = header(head, "Content-Length");
    return length.isEmpty() ? 0 : Integer.parseInt(length);
  }

  /** Reads a line with its line end; null at the end of the stream. */
  private @Nullable String line() throws IOException {
    byte[] bytes = new byte[128];
    int count = 0;
    for (int read = in.read(); read != END; read = in.read()) {
      if (count == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * count);
      }
      bytes[count++] = (byte) read;
      if (read == '\n') {
        return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
      }
      if (count > MAX_LINE_BYTES) {
        throw new IOException("a line of more than %d bytes".formatted(MAX_LINE_BYTES));
      }
    }
    return null;
  }
}

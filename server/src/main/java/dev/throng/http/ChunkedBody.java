package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import io.helidon.common.buffers.DataReader;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request body in chunks (RFC 9112, section 7.1), read as it arrives. Helidon would hold each
 * chunk in memory as a whole, and the client chooses the size of a chunk.
 */
final class ChunkedBody extends InputStream {
  private static final int MAX_LINE_BYTES = 4_096;
  private static final int MAX_TRAILERS = 64;
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int HEX = 16;

  private final DataReader reader;
  private long left;
  private boolean isStarted;
  private boolean isEnded;

  ChunkedBody(DataReader reader) {
    this.reader = reader;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /**
   * @throws ThrongException MALFORMED_HTTP
   */
  @Override
  public int read(byte[] buffer, int from, int length) {
    if (left == 0 && !isEnded) {
      nextChunk();
    }
    if (isEnded) {
      return -1;
    }
    reader.ensureAvailable();
    int read = (int) Math.min(Math.min(length, left), reader.available());
    System.arraycopy(reader.readBytes(read), 0, buffer, from, read);
    left -= read;
    return read;
  }

  private void nextChunk() {
    if (isStarted && !line().isEmpty()) {
      throw malformed("a chunk of the body is longer than its declared length", null);
    }
    isStarted = true;
    String size = line().split("[; ]", 2)[0];
    try {
      left = size.length() > MAX_SIZE_DIGITS ? -1 : Long.parseLong(size, HEX);
    } catch (NumberFormatException e) {
      throw malformed("the length of a chunk of the body: \"%.20s\"".formatted(size), e);
    }
    if (left < 0 || size.startsWith("+")) {
      throw malformed("the length of a chunk of the body: \"%.20s\"".formatted(size), null);
    }
    if (left == 0) {
      skipTrailers();
      isEnded = true;
    }
  }

  private void skipTrailers() {
    for (int i = 0; i < MAX_TRAILERS; i++) {
      if (line().isEmpty()) {
        return;
      }
    }
    throw malformed("more than %d trailers".formatted(MAX_TRAILERS), null);
  }

  private String line() {
    try {
      int end = reader.findNewLine(MAX_LINE_BYTES);
      if (end >= MAX_LINE_BYTES) {
        throw malformed("a line between chunks of the body is too long", null);
      }
      String line = end == 0 ? "" : reader.readAsciiString(end);
      reader.skip(2);
      return line;
    } catch (DataReader.IncorrectNewLineException e) {
      throw malformed("a line between chunks of the body ends without CR LF", e);
    }
  }

  private static ThrongException malformed(String what, @Nullable Throwable cause) {
    return new ThrongException(ErrorCode.MALFORMED_HTTP, what, cause);
  }
}

package dev.throng.http;

import io.helidon.common.buffers.BufferData;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Turns responses in chunks, which clients of HTTP/1.0 do not know, into ones that end with the
 * connection (RFC 9112, sections 6.1 and 7.1). Relies on Helidon writing a head in one piece, and
 * each chunk in one piece.
 */
final class Http10Framing {
  private static final Pattern CHUNKED =
      Pattern.compile("(?i)\r\nTransfer-Encoding: *chunked(?=\r\n)");
  private static final byte[] CRLF = {'\r', '\n'};

  private boolean isHeadWritten;
  private boolean isChunked;

  /** The same part of a response as a client of HTTP/1.0 expects it; empty for a last chunk. */
  BufferData frame(BufferData part) {
    if (isHeadWritten && !isChunked) {
      return part;
    }
    byte[] bytes = new byte[part.available()];
    part.read(bytes);
    return BufferData.create(isHeadWritten ? withoutFrame(bytes) : head(bytes));
  }

  private byte[] head(byte[] bytes) {
    String head = new String(bytes, StandardCharsets.ISO_8859_1); // byte for byte
    isHeadWritten = !head.startsWith("HTTP/1.1 100");
    if (!head.endsWith("\r\n\r\n")) {
      return bytes; // with its body, and so with a length
    }
    String plain = CHUNKED.matcher(head).replaceFirst("");
    isChunked = plain.length() < head.length();
    return plain.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] withoutFrame(byte[] chunk) {
    int from = 0;
    while (chunk[from] != '\r') {
      from++;
    }
    int start = from + CRLF.length;
    int end = chunk.length - CRLF.length;
    return start >= end ? new byte[0] : Arrays.copyOfRange(chunk, start, end);
  }
}

package dev.throng.http;

import io.helidon.common.buffers.BufferData;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Converts chunked responses, which HTTP/1.0 clients do not support, into responses that end with
 * the connection (RFC 9112, sections 6.1 and 7.1). Relies on Helidon writing a head in one piece,
 * and each chunk in one piece.
 */
final class Http10Framing {
  private static final Pattern CHUNKED =
      Pattern.compile("(?i)\r\nTransfer-Encoding: *chunked(?=\r\n)");
  private static final byte[] CRLF = {'\r', '\n'};

  private boolean isHeadWritten;
  private boolean isChunked;

  /** Returns a part of a response in the form for an HTTP/1.0 client; empty for the last chunk. */
  BufferData frame(BufferData part) {
    if (isHeadWritten && !isChunked) {
      return part;
    }
    byte[] bytes = new byte[part.available()];
    part.read(bytes);
    return BufferData.create(isHeadWritten ? withoutFrame(bytes) : head(bytes));
  }

  private byte[] head(byte[] bytes) {
    String head = new String(bytes, StandardCharsets.ISO_8859_1); // maps each byte to one character
    isHeadWritten = !head.startsWith("HTTP/1.1 100");
    if (!head.endsWith("\r\n\r\n")) {
      return bytes; // the response has a length
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

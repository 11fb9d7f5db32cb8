package dev.throng.ingest.parse;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What {@link ParserProcess} and {@link ParserWorker} say to each other on stdin and stdout, in
 * {@link DataOutputStream} format. Request = {@link #REQUEST_MARK}, path, text limit in characters;
 * answer = {@link #OK} and the XHTML, or the name of an {@link dev.throng.core.ErrorCode} and a
 * message. Texts are a byte count and UTF-8.
 */
final class ParserProtocol {
  /** A byte before each request tells it from the end of stdin. */
  static final int REQUEST_MARK = 1;

  static final String OK = "ok";

  private ParserProtocol() {}

  static void write(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  /**
   * @throws IOException also when the text is cut off
   */
  static String read(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] utf8 = in.readNBytes(length);
    if (utf8.length < length) {
      throw new IOException("the text is cut off");
    }
    return new String(utf8, StandardCharsets.UTF_8);
  }
}

package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;

/** Reads what is to be kept: counts it, hashes it, and stops where it is too long. */
final class BlobReader {
  private static final int BUFFER_BYTES = 64 << 10;

  /** Takes the next bytes; may fail with what the store fails with. */
  interface Sink {
    void write(byte[] buffer, int length) throws IOException;
  }

  private BlobReader() {}

  /**
   * Reads all of a stream.
   *
   * @return length and hash, under {@code key}
   * @throws ThrongException DOCUMENT_TOO_LARGE
   * @throws IOException of the sink; what the stream throws comes as UncheckedIOException
   */
  static Blob read(String key, String name, InputStream content, long maxBytes, Sink sink)
      throws IOException {
    DigestInputStream in = new DigestInputStream(content, Hash.newDigest());
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    for (int length = next(in, buffer); length > 0; length = next(in, buffer)) {
      bytes += length;
      if (bytes > maxBytes) {
        throw new ThrongException(
            ErrorCode.DOCUMENT_TOO_LARGE,
            "%s: more than %d bytes (expected: at most that)".formatted(name, maxBytes));
      }
      sink.write(buffer, length);
    }
    String hex = HexFormat.of().formatHex(in.getMessageDigest().digest());
    return new Blob(key, bytes, Hash.parse(hex));
  }

  /** A client that goes away is not a failure of the store. */
  private static int next(InputStream in, byte[] buffer) {
    try {
      return in.readNBytes(buffer, 0, buffer.length);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("the document did not arrive whole", e);
    }
  }
}

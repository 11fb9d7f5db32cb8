package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;

/**
 * Reads content that is to be stored. It counts and hashes the bytes, and stops at the maximum
 * size.
 */
public final class BlobReader {
  private static final int BUFFER_BYTES = 64 << 10;

  /** Receives the next bytes. May fail with the failures of the store. */
  interface Sink {
    void write(byte[] buffer, int length) throws IOException;
  }

  private BlobReader() {}

  /**
   * Returns the length and the hash of a file, which is not stored.
   *
   * @throws ThrongException DOCUMENT_UNREADABLE
   */
  public static Blob describe(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read("", "", in, Long.MAX_VALUE, (buffer, length) -> {});
    } catch (IOException | UncheckedIOException e) {
      throw new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, file + ": " + e, e);
    }
  }

  /**
   * Reads a whole stream.
   *
   * @return length and hash, under {@code key}
   * @throws ThrongException DOCUMENT_TOO_LARGE
   * @throws IOException of the sink; failures of the stream are thrown as UncheckedIOException
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
            "%s: larger than the limit of %d bytes".formatted(name, maxBytes));
      }
      sink.write(buffer, length);
    }
    String hex = HexFormat.of().formatHex(in.getMessageDigest().digest());
    return new Blob(key, bytes, Hash.parse(hex));
  }

  /** Reads from the client. A client that disconnects is not a failure of the store. */
  private static int next(InputStream in, byte[] buffer) {
    try {
      return in.readNBytes(buffer, 0, buffer.length);
    } catch (IOException e) {
      throw new UncheckedIOException("the document arrived incomplete", e);
    }
  }
}

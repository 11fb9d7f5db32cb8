package dev.throng.catalog;

import dev.throng.core.Hash;
import java.io.IOException;
import java.io.InputStream;

/**
 * A document as it was sent, kept in a {@link BlobStore}.
 *
 * @param key names it there; "" when it is not kept
 * @param bytes its length
 * @param content SHA-256 of its bytes
 */
public record Blob(String key, long bytes, Hash content) {
  private static final Hash NO_CONTENT = Hash.of(new byte[0]);

  /** What a job has that brings no bytes of its own. */
  public static final Blob NONE = new Blob("", 0, NO_CONTENT);

  /** What a stream has, kept nowhere. */
  public static Blob of(InputStream content) throws IOException {
    return BlobReader.read("", "", content, Long.MAX_VALUE, (buffer, length) -> {});
  }

  public boolean isKept() {
    return !key.isEmpty();
  }
}

package dev.throng.catalog;

import dev.throng.core.Hash;

/**
 * A document as it was sent, stored in a {@link BlobStore}.
 *
 * @param key identifies it in the store; "" when it is not stored
 * @param bytes its length
 * @param content SHA-256 of its bytes
 */
public record Blob(String key, long bytes, Hash content) {
  private static final Hash NO_CONTENT = Hash.of(new byte[0]);

  /** The blob of a document whose bytes were not sent, and of a job without a document. */
  public static final Blob NONE = new Blob("", 0, NO_CONTENT);

  public boolean isKept() {
    return !key.isEmpty();
  }
}

package dev.throng.catalog;

/**
 * What a version was made from.
 *
 * @param name of the file, whose ending says the format; "" when it was not noted
 * @param blob where it is kept, and the hash of its bytes; that of no bytes when it was not noted
 */
public record Original(String name, Blob blob) {
  /** Whether it is known what the bytes were. */
  public boolean isKnown() {
    return !blob.content().equals(Blob.NONE.content());
  }
}

package dev.throng.catalog;

/**
 * The original that a version was made from.
 *
 * @param name of the file, whose extension gives the format; "" when it was not recorded
 * @param blob the stored blob with the hash of its bytes; the hash of no bytes when it was not
 *     recorded
 */
public record Original(String name, Blob blob) {
  /** Returns whether the bytes are known. */
  public boolean isKnown() {
    return !blob.content().equals(Blob.NONE.content());
  }
}

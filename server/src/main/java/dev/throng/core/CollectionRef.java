package dev.throng.core;

/** A collection of documents, named within its tenant. */
public record CollectionRef(String tenant, String name) {
  private static final int MAX_NAME_CHARS = 63;

  /** The rule that {@link #isName} checks, for messages. */
  public static final String NAME_RULE =
      "1 to 63 letters, digits, '-' or '_', starting with a letter or digit";

  public CollectionRef {
    if (!isName(tenant) || !isName(name)) {
      throw new IllegalArgumentException(
          "collection: %s/%s (expected: each %s)".formatted(tenant, name, NAME_RULE));
    }
  }

  /**
   * Returns whether {@code text} is a valid name of a tenant or a collection. Such a name is also
   * safe as a folder name.
   */
  public static boolean isName(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_NAME_CHARS || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) { // not a regex: this runs for every request
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '-' && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  @Override
  public String toString() {
    return tenant + "/" + name;
  }
}

package dev.throng.core;

/** A collection of documents, named within its tenant. */
public record CollectionRef(String tenant, String name) {
  private static final int MAX_NAME_CHARS = 63;

  /** What {@link #isName} accepts, for messages. */
  public static final String NAME_RULE = "1 to 63 letters, digits, '-' or '_', the first no sign";

  public CollectionRef {
    if (!isName(tenant) || !isName(name)) {
      throw new IllegalArgumentException(
          "collection: %s/%s (expected: each %s)".formatted(tenant, name, NAME_RULE));
    }
  }

  /** Whether {@code text} can name a tenant or a collection. Safe as a folder name, too. */
  public static boolean isName(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_NAME_CHARS || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) { // no pattern: every request comes through here
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

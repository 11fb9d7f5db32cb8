package dev.throng.core;

import java.util.regex.Pattern;

/** A collection of documents, named within its tenant. */
public record CollectionRef(String tenant, String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

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
    return NAME.matcher(text).matches();
  }

  @Override
  public String toString() {
    return tenant + "/" + name;
  }
}

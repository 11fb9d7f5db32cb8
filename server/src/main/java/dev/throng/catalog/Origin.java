package dev.throng.catalog;

import java.util.Locale;

/** How a document came into its collection, which says what may remove it. */
public enum Origin {
  /** A client sent it. It stays until it is deleted. */
  SENT,

  /** It was read from a file on request. A sync that removes what is missing removes it. */
  READ,

  /** It is in a folder that the collection follows, and goes when its file goes. */
  MIRRORED;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Origin of(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}

package dev.throng.catalog;

import java.util.Locale;

/** How a document came into its collection, which says what may remove it. */
public enum Origin {
  /** A client sent it. It stays until it is deleted. */
  SENT,

  /**
   * Somebody had a file of the server read. It goes when a sync is told to remove what is missing.
   */
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
